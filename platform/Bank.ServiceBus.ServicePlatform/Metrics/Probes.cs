using Bank.ServiceBus.Diagnostics;

namespace Bank.ServiceBus.Metrics;

/// <summary>Turns what became of messages into the events of probes, and keeps what is to be reported.</summary>
internal sealed class Probes : IProcessingObserver
{
    private readonly DurationProbe criticalTime = new("Critical Time", "From when a message was sent, or due, to when it was handled.");
    private readonly DurationProbe processingTime = new("Processing Time", "From when a message was received to when it was handled.");
    private readonly SignalProbe fetched = new("# of msgs pulled from the input queue /sec", "A message was taken from the queue.");
    private readonly SignalProbe failures = new("# of msgs failures / sec", "An attempt to handle a message failed.");
    private readonly SignalProbe successes = new("# of msgs successfully processed / sec", "A message was handled.");
    private readonly SignalProbe retries = new("Retries", "A failed message is tried again, at once or later.");

    public Probes() => Context = new ProbeContext([criticalTime, processingTime], [fetched, failures, successes, retries]);

    public ProbeContext Context { get; }

    /// <summary>Where raw data waits to be reported; null when it is not.</summary>
    public RawData? RawData { get; set; }

    public void Fetched(string messageTypes) => fetched.Raise(messageTypes);

    public void Succeeded(string messageTypes, DateTimeOffset completedAt, TimeSpan processingTime, TimeSpan? criticalTime)
    {
        RawData?.ProcessingTime.Add(new RawEntry(completedAt.UtcTicks, (long)processingTime.TotalMilliseconds, messageTypes));
        this.processingTime.Raise(messageTypes, processingTime);
        successes.Raise(messageTypes);
        if (criticalTime is not { } since) return;
        // Clocks differ between machines; nothing is handled before it was sent.
        if (since < TimeSpan.Zero) since = TimeSpan.Zero;
        RawData?.CriticalTime.Add(new RawEntry(completedAt.UtcTicks, (long)since.TotalMilliseconds, messageTypes));
        this.criticalTime.Raise(messageTypes, since);
    }

    public void Failed(string messageTypes) => failures.Raise(messageTypes);

    public void Retried(string messageTypes, DateTimeOffset at)
    {
        RawData?.Retries.Add(new RawEntry(at.UtcTicks, 1, messageTypes));
        retries.Raise(messageTypes);
    }

    private sealed class DurationProbe(string name, string description) : IDurationProbe
    {
        private OnEvent<DurationEvent>? observers;

        public string Name => name;

        public string Description => description;

        public void Register(OnEvent<DurationEvent> observer) => observers += observer;

        public void Raise(string messageTypes, TimeSpan duration)
        {
            if (observers is not { } all) return;
            var raised = new DurationEvent(duration, messageTypes);
            all(ref raised);
        }
    }

    private sealed class SignalProbe(string name, string description) : ISignalProbe
    {
        private OnEvent<SignalEvent>? observers;

        public string Name => name;

        public string Description => description;

        public void Register(OnEvent<SignalEvent> observer) => observers += observer;

        public void Raise(string messageTypes)
        {
            if (observers is not { } all) return;
            var raised = new SignalEvent(messageTypes);
            all(ref raised);
        }
    }
}
