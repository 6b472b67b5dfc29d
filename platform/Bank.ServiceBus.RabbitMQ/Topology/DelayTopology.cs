using System.Text;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>
/// Delays of up to 2^28-1 seconds: 28 levels of a queue each, whose messages expire after a power of two of seconds. The routing key holds the bits
/// of the delay; a message waits at each level whose bit is set, falls through the others, and ends at the exchange of its destination.
/// </summary>
internal static class DelayTopology
{
    public const int HighestLevel = 27;
    public const string DeliveryExchange = "nsb.v2.delay-delivery";

    private const int MostSeconds = (1 << (HighestLevel + 1)) - 1;

    public static TimeSpan LongestDelay { get; } = TimeSpan.FromSeconds(MostSeconds);

    public static string LevelName(int level) => $"nsb.v2.delay-level-{level:D2}";

    /// <summary>Whole seconds, rounded up; nothing in the past.</summary>
    /// <exception cref="InvalidOperationException">The delay is longer than 2^28-1 seconds.</exception>
    public static int Seconds(TimeSpan delay)
    {
        var seconds = Math.Max(0, Math.Ceiling(delay.TotalSeconds));
        return seconds <= MostSeconds
            ? (int)seconds
            : throw new InvalidOperationException($"A delay of {delay} is longer than {MostSeconds} seconds, the longest possible.");
    }

    public static (string Exchange, string RoutingKey) Route(int seconds, string address)
    {
        var key = new StringBuilder();
        var first = 0;
        for (var level = HighestLevel; level >= 0; level--)
        {
            var set = (seconds & (1 << level)) != 0;
            if (set && first == 0) first = level;
            key.Append(set ? "1." : "0.");
        }

        return (LevelName(first), key.Append(address).ToString());
    }

    public static async Task Declare(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(DeliveryExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        for (var level = 0; level <= HighestLevel; level++)
        {
            var name = LevelName(level);
            var next = level == 0 ? DeliveryExchange : LevelName(level - 1);
            var passed = string.Concat(Enumerable.Repeat("*.", HighestLevel - level));
            await channel.ExchangeDeclareAsync(name, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, Arguments(level, next), cancellationToken: cancellationToken);
            await channel.QueueBindAsync(name, name, passed + "1.#", cancellationToken: cancellationToken);
            await channel.ExchangeBindAsync(next, name, passed + "0.#", cancellationToken: cancellationToken);
        }
    }

    public static Task BindAddress(IChannel channel, string address, CancellationToken cancellationToken) =>
        channel.ExchangeBindAsync(address, DeliveryExchange, "#." + address, cancellationToken: cancellationToken);

    private static Dictionary<string, object?> Arguments(int level, string next) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
        ["x-message-ttl"] = (1L << level) * 1000,
        ["x-dead-letter-exchange"] = next,
    };
}
