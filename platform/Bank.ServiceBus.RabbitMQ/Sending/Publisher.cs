using BitFaster.Caching.Lru;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>The one channel through which an endpoint publishes, with confirms; opened when needed, and again after it was closed.</summary>
internal sealed class Publisher(BrokerConnections connections, string connectionName) : IAsyncDisposable
{
    private static readonly CreateChannelOptions WithConfirms = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    // After so many closures because of others a message goes alone.
    private const int AttemptsTogether = 3;

    // What is sent again to an exchange that was not there, as by retries, must not disturb the others each time.
    private readonly ConcurrentLru<string, bool> missing = new(100);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly SemaphoreSlim alone = new(1, 1);
    private IConnection? connection;
    private volatile IChannel? channel;

    /// <summary>Publishes a message and waits until the broker has confirmed it.</summary>
    /// <remarks>
    /// The broker closes the channel for a message that it cannot accept, and with it goes what others have under way there: those are published
    /// again, so that only who is to blame fails. What the broker had taken already may then be there twice, with the same id.
    /// </remarks>
    /// <exception cref="OperationInterruptedException">The broker refused the message, such as for an exchange that does not exist, or the connection was lost.</exception>
    public async Task Publish(string exchange, string key, bool mandatory, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= AttemptsTogether && !IsMissing(exchange); attempt++)
        {
            var shared = await Channel(cancellationToken);
            try
            {
                await shared.BasicPublishAsync(exchange, key, mandatory, properties, body, cancellationToken);
                return;
            }
            catch (OperationInterruptedException exception) when (ChannelClosure.Of(exception, shared) is { } closure)
            {
                if (closure.Names(exchange))
                {
                    missing.AddOrUpdate(exchange, true);
                    throw;
                }

                // Otherwise it is not said whom the broker blames.
                if (!closure.NamesAnother) break;
            }
            catch (ObjectDisposedException)
            {
                // It was closed and put away between the two lines above; nothing was sent.
            }
        }

        await PublishAlone(exchange, key, mandatory, properties, body, cancellationToken);
        missing.TryRemove(exchange);
    }

    private bool IsMissing(string exchange) => missing.TryGet(exchange, out _);

    /// <summary>Returns an open channel.</summary>
    private async ValueTask<IChannel> Channel(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true } open) return open;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (channel is { IsOpen: true } meanwhile) return meanwhile;
            await PutAway(Interlocked.Exchange(ref channel, null));
            if (connection is not { IsOpen: true })
            {
                await PutAway(Interlocked.Exchange(ref connection, null));
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

    // On a channel of its own the culprit fails, and nobody with it.
    private async Task PublishAlone(string exchange, string key, bool mandatory, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await alone.WaitAsync(cancellationToken);
        try
        {
            await Channel(cancellationToken);
            await using var own = await connection!.CreateChannelAsync(WithConfirms, cancellationToken);
            await own.BasicPublishAsync(exchange, key, mandatory, properties, body, cancellationToken);
        }
        finally
        {
            alone.Release();
        }
    }

    // What is broken may break again when it is put away; that must not keep the next one from being opened.
    private static async Task PutAway(IAsyncDisposable? broken)
    {
        if (broken is null) return;
        try
        {
            await broken.DisposeAsync();
        }
        catch (Exception exception) when (exception is OperationInterruptedException or IOException or ObjectDisposedException or TimeoutException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null) await channel.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
        gate.Dispose();
        alone.Dispose();
    }
}
