using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Extensibility;

/// <summary>Options of one send, publish, reply or subscription. Used once.</summary>
public abstract class ExtendableOptions : IExtendable
{
    /// <summary>Makes empty options.</summary>
    protected ExtendableOptions()
    {
    }

    /// <summary>Values for behaviors of the outgoing pipeline.</summary>
    ContextBag IExtendable.Extensions => Extensions;

    internal ContextBag Extensions { get; } = new();

    internal Dictionary<string, string> OutgoingHeaders { get; } = new(StringComparer.Ordinal);

    internal string? MessageId { get; set; }

    internal bool ImmediateDispatch { get; set; }

    internal bool EnforcesBestPractices { get; set; } = true;

    internal string? Destination { get; set; }

    internal string? ReplyTo { get; set; }

    /// <summary>Whether the receiver begins a trace of its own; null for what is usual.</summary>
    internal bool? StartsNewTrace { get; set; }

    internal bool ReplyToThisInstance { get; set; }

    internal DispatchProperties Delivery { get; set; } = DispatchProperties.None;
}
