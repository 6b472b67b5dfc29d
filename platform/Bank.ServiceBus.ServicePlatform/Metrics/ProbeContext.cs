namespace Bank.ServiceBus;

/// <summary>What can be observed of an endpoint.</summary>
public class ProbeContext
{
    /// <summary>Gathers probes.</summary>
    public ProbeContext(IReadOnlyCollection<IDurationProbe> durations, IReadOnlyCollection<ISignalProbe> signals) => (Durations, Signals) = (durations, signals);

    /// <summary>How long things took: <c>Processing Time</c>, <c>Critical Time</c>.</summary>
    public IReadOnlyCollection<IDurationProbe> Durations { get; }

    /// <summary>That things happened: fetched, failed, handled, retried.</summary>
    public IReadOnlyCollection<ISignalProbe> Signals { get; }
}
