using System.Collections.ObjectModel;

namespace Bank.ServiceBus.Transport;

/// <summary>What a transport tells about the receipt of a message besides headers and body. Empty with both transports of this library.</summary>
/// <param name="properties">The properties.</param>
public sealed class ReceiveProperties(IDictionary<string, string> properties) : ReadOnlyDictionary<string, string>(properties)
{
    /// <summary>None.</summary>
    public static new ReceiveProperties Empty { get; } = new(new Dictionary<string, string>());
}
