using System.Data.Common;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bank.CommandLine.Verification;

/// <summary>Looks at queues of the broker from outside.</summary>
internal static class BrokerQueues
{
    /// <summary>How many messages wait in a queue; 0 when there is no such queue.</summary>
    public static async Task<long> Count(string connectionString, string queue, CancellationToken cancellationToken) =>
        (await Look(connectionString, [queue], cancellationToken)).Sum(known => known.Messages);

    /// <summary>What is in queues, and who receives from them; those that do not exist are left out.</summary>
    public static async Task<IReadOnlyList<(string Name, long Messages, long Receivers)>> Look(
        string connectionString, IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        await using var connection = await Open(connectionString, cancellationToken);
        var known = new List<(string, long, long)>();
        foreach (var queue in queues)
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                var state = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
                known.Add((queue, state.MessageCount, state.ConsumerCount));
            }
            catch (OperationInterruptedException)
            {
                // There is no such queue yet.
            }
        }

        return known;
    }

    /// <summary>Empties queues that exist.</summary>
    public static async Task Purge(string connectionString, IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        await using var connection = await Open(connectionString, cancellationToken);
        foreach (var queue in queues)
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                await channel.QueuePurgeAsync(queue, cancellationToken);
            }
            catch (OperationInterruptedException)
            {
                // There is no such queue yet.
            }
        }
    }

    private static Task<IConnection> Open(string connectionString, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { AutomaticRecoveryEnabled = false };
        if (connectionString.StartsWith("amqp", StringComparison.OrdinalIgnoreCase))
        {
            factory.Uri = new Uri(connectionString);
        }
        else
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
            string? Value(string key) => parts.TryGetValue(key, out var value) ? value.ToString() : null;
            factory.HostName = Value("host") ?? "localhost";
            factory.UserName = Value("userName") ?? factory.UserName;
            factory.Password = Value("password") ?? factory.Password;
            factory.VirtualHost = Value("virtualHost") ?? factory.VirtualHost;
            if (int.TryParse(Value("port"), out var port)) factory.Port = port;
        }

        return factory.CreateConnectionAsync(cancellationToken);
    }
}
