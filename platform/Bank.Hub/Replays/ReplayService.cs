using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Hub.Replays;

/// <summary>
/// Sends the replays that were asked for, each in a task of its own, so that a slow one delays no other and publishing goes on beside them. One instance does it at a time;
/// when it dies, another goes on from what was saved.
/// </summary>
internal sealed class ReplayService(
    IHubStorage leases, IReplayStorage storage, ReplaySender sender, ReplaySignal signal, ReplayOptions options,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ReplayService> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly string owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await lifetime.HasStarted(stoppingToken)) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await leases.Prepare(options.Name, stoppingToken);
                if (await leases.TryAcquire(options.Name, owner, options.LeaseDuration, stoppingToken) is { } lease) await SendAll(lease, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(exception, "Replays cannot be looked for; the next try is in {Pause}.", options.LeaseDuration / 3);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.LeaseDuration / 3, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAll(Lease lease, CancellationToken stoppingToken)
    {
        var running = new Dictionary<Guid, Task>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            while (await leases.Save(options.Name, lease, lease.Position, options.LeaseDuration, stoppingToken))
            {
                foreach (var done in running.Where(pair => pair.Value.IsCompleted).Select(pair => pair.Key).ToArray()) running.Remove(done);
                foreach (var replay in await storage.Unfinished(stoppingToken))
                {
                    if (!running.ContainsKey(replay)) running[replay] = Task.Run(() => SendToEnd(replay, ended.Token), CancellationToken.None);
                }

                await signal.Wait(options.PollInterval, stoppingToken);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(running.Values);
            await Release(lease);
        }
    }

    private async Task SendToEnd(Guid replayId, CancellationToken cancellationToken)
    {
        var (pause, position) = (FirstPause, long.MinValue);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var replay = (await storage.Find(replayId, cancellationToken))!;
                if (replay.Position > position) pause = FirstPause;
                position = replay.Position;
                logger.LogInformation("Replay {ReplayId} to {Queue} goes on after position {Position}, up to {UpTo}.", replayId, replay.Request.ReplyToAddress, position, replay.UpTo);
                await sender.Send(replay, cancellationToken);
                logger.LogInformation("Replay {ReplayId} to {Queue} is complete.", replayId, replay.Request.ReplyToAddress);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "Replay {ReplayId} does not go on; the next try is in {Pause}.", replayId, pause);
                await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
        }
    }

    private async Task Release(Lease lease)
    {
        try
        {
            await leases.Release(options.Name, lease, CancellationToken.None);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The right to send replays could not be given back; it ends by itself in {Duration}.", options.LeaseDuration);
        }
    }
}
