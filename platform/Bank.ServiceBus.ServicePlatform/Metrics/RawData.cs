namespace Bank.ServiceBus.Metrics;

/// <summary>The values that wait to be reported, by metric.</summary>
internal sealed class RawData
{
    public RingBuffer ProcessingTime { get; } = new();

    public RingBuffer CriticalTime { get; } = new();

    public RingBuffer Retries { get; } = new();
}
