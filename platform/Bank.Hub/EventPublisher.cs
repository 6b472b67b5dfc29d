using System.Diagnostics;
using System.Globalization;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Hub;

/// <summary>
/// Publishes what is stored: follows the all-stream from the checkpoint, publishes a page in order with ids derived from the store, waits until the transport has
/// taken all of it, then moves the checkpoint. After a crash the last page goes out again with the same ids; nothing is left out.
/// </summary>
internal sealed class EventPublisher(
    IStreamStore store, IHubStorage storage, IContractMapper mapper, IMessageSession session, HubOptions options, HubState state,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<EventPublisher> logger) : BackgroundService
{
    private static readonly ActivitySource Activities = new("Bank.Hub");
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly string owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await lifetime.HasStarted(stoppingToken)) return;
        await storage.Prepare(options.Name, stoppingToken);
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var begin = state.Current.Position;
            try
            {
                if (await storage.TryAcquire(options.Name, owner, options.LeaseDuration, stoppingToken) is { } lease)
                {
                    await Publish(lease, stoppingToken);
                    pause = FirstPause;
                }

                state.StandBy();
                await Task.Delay(options.LeaseDuration / 3, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                state.Fail(exception.Message);
                if (state.Current.Position > begin) pause = FirstPause;
                logger.LogError(exception, "Publishing from the store failed; the next try is in {Pause}.", pause);
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
        }
    }

    private async Task Publish(Lease lease, CancellationToken stoppingToken)
    {
        using var appended = new SemaphoreSlim(0, 1);
        using var wake = store.SubscribeToAll(
            Position.End, (_, _, _) => Raise(appended), prefetchJsonData: false, name: "wake-up of the publisher");
        var position = lease.Position;
        state.Begin(position);
        logger.LogInformation("This instance publishes from position {Position} on.", position + 1);
        try
        {
            // From here on no append is missed: either the page holds it, or it wakes.
            await wake.Started.WaitAsync(options.LeaseDuration, clock, stoppingToken);
            while (true)
            {
                var page = await store.ReadAllForwards(position + 1, options.PageSize, prefetchJsonData: true, stoppingToken);
                var (started, obstacle) = await Start(page.Messages, stoppingToken);
                await Task.WhenAll(started);
                position = (obstacle?.Position ?? page.NextPosition) - 1;
                if (!await storage.Save(options.Name, lease, position, options.LeaseDuration, stoppingToken)) return;
                if (obstacle is not null)
                {
                    state.Reach(position, await store.ReadHeadPosition(stoppingToken));
                    throw obstacle.Error;
                }

                state.Follow(position, page.IsEnd ? position : await store.ReadHeadPosition(stoppingToken));
                if (page.IsEnd) await appended.WaitAsync(options.LeaseDuration / 3, stoppingToken);
            }
        }
        finally
        {
            await Release(lease);
        }
    }

    // Publishing begins in the order of the store; the confirms are awaited together. Nothing behind an event that cannot be mapped is published.
    private async Task<(List<Task> Started, Obstacle? Obstacle)> Start(StreamMessage[] messages, CancellationToken cancellationToken)
    {
        var started = new List<Task>(messages.Length);
        foreach (var message in messages)
        {
            try
            {
                foreach (var mapped in await MappedEvent.Of(message, mapper, cancellationToken)) started.Add(Publish(mapped, cancellationToken));
            }
            catch (InvalidOperationException exception)
            {
                return (started, new Obstacle(message.Position, exception));
            }
        }

        return (started, null);
    }

    private async Task Publish(MappedEvent mapped, CancellationToken cancellationToken)
    {
        ActivityContext.TryParse(mapped.Metadata.Traceparent, null, isRemote: true, out var cause);
        using var activity = Activities.StartActivity("publish stored event", ActivityKind.Internal, cause);
        var publish = new PublishOptions();
        mapped.Describe(publish);
        publish.SetHeader(HubHeaders.Position, mapped.Message.Position.ToString(CultureInfo.InvariantCulture));
        await session.Publish(mapped.Event, publish, cancellationToken);
    }

    private async Task Release(Lease lease)
    {
        try
        {
            await storage.Release(options.Name, lease, CancellationToken.None);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The right to publish could not be given back; it ends by itself in {Duration}.", options.LeaseDuration);
        }
    }

    private static Task Raise(SemaphoreSlim appended)
    {
        if (appended.CurrentCount == 0) appended.Release();
        return Task.CompletedTask;
    }

    private sealed record Obstacle(long Position, Exception Error);
}
