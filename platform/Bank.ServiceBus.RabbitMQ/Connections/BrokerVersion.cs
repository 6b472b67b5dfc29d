using System.Text;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Refuses brokers that lack what the transport builds on: quorum queues that dead-letter at least once, since 3.10.</summary>
internal static class BrokerVersion
{
    private static readonly Version Oldest = new(3, 10, 0);

    public static void Check(IConnection connection)
    {
        var text = connection.ServerProperties?.TryGetValue("version", out var value) == true && value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;
        if (Version.TryParse(text?.Split('-', '+')[0], out var version) && version < Oldest)
            throw new InvalidOperationException($"The broker is RabbitMQ {text}; {Oldest} or later is needed.");
    }
}
