using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>The one channel through which an endpoint publishes, with confirms; opened when needed, and again after it was closed.</summary>
internal sealed class Publisher(BrokerConnections connections, string connectionName) : IAsyncDisposable
{
    private static readonly CreateChannelOptions WithConfirms = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly SemaphoreSlim gate = new(1, 1);
    private IConnection? connection;
    private volatile IChannel? channel;

    /// <summary>Returns an open channel.</summary>
    public async ValueTask<IChannel> Channel(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true } open) return open;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (channel is { IsOpen: true } meanwhile) return meanwhile;
            if (channel is not null) await channel.DisposeAsync();
            if (connection is not { IsOpen: true })
            {
                if (connection is not null) await connection.DisposeAsync();
                connection = await connections.Open(connectionName, cancellationToken);
            }

            return channel = await connection.CreateChannelAsync(WithConfirms, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Uses a short-lived channel on the same connection, for declarations that may fail.</summary>
    public async Task WithOwnChannel(Func<IChannel, Task> use, CancellationToken cancellationToken)
    {
        await Channel(cancellationToken);
        await using var own = await connection!.CreateChannelAsync(cancellationToken: cancellationToken);
        await use(own);
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null) await channel.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
        gate.Dispose();
    }
}
