using System.Globalization;

namespace Bank.ServiceBus;

/// <summary>Messages of the type are discarded when nobody has received them in time.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class TimeToBeReceivedAttribute : Attribute
{
    /// <summary>Sets the time.</summary>
    /// <param name="timeSpan">As <see cref="TimeSpan"/> writes it, such as <c>00:10:00</c>.</param>
    /// <exception cref="FormatException">The text is no time span.</exception>
    public TimeToBeReceivedAttribute(string timeSpan) => TimeToBeReceived = TimeSpan.Parse(timeSpan, CultureInfo.InvariantCulture);

    /// <summary>How long a message of the type is worth receiving.</summary>
    public TimeSpan TimeToBeReceived { get; }
}
