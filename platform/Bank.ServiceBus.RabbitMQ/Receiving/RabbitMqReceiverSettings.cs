using RabbitMQ.Client.Events;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Settings of a receiver.</summary>
internal sealed record RabbitMqReceiverSettings(
    PrefetchCountCalculation Prefetch, Func<BasicDeliverEventArgs, string>? MessageIdStrategy, TimeSpan RecoveryInterval, TimeSpan AlarmAfter)
{
    public ushort PrefetchFor(int concurrency) => (ushort)Math.Clamp(Prefetch(concurrency), concurrency, ushort.MaxValue);
}
