using System.Text;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>The version of the broker, as it tells over AMQP.</summary>
internal static class BrokerVersion
{
    private static readonly Version Oldest = new(3, 10, 0);

    public static Version Of(IConnection connection)
    {
        var text = connection.ServerProperties?.TryGetValue("version", out var value) == true && value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "";
        return Version.TryParse(text.Split('-', '+')[0], out var version)
            ? version
            : throw new InvalidOperationException($"The broker calls its version '{text}', which is none of RabbitMQ.");
    }

    /// <summary>Refuses brokers that lack what the transport builds on: quorum queues that dead-letter at least once, since 3.10.</summary>
    public static void Check(Version version)
    {
        if (version < Oldest) throw new InvalidOperationException($"The broker is RabbitMQ {version}; {Oldest} or later is needed.");
    }
}
