using System.Globalization;
using System.Text.Json;
using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.ServicePlatform;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Heartbeats;

/// <summary>Tells the platform that the endpoint has started, and from then on that it is still there.</summary>
internal sealed class HeartbeatSender(string queue, TimeSpan frequency, TimeSpan timeToLive) : ICompanion
{
    private static readonly TimeSpan SecondAttemptAfter = TimeSpan.FromMinutes(1);

    private readonly BackgroundLoops loops = new();

    public Task Start(EndpointSurroundings endpoint, CancellationToken cancellationToken)
    {
        var (to, logger) = (new PlatformQueue(queue, endpoint), endpoint.Loggers.CreateLogger<HeartbeatSender>());
        var startedAt = endpoint.Clock.GetUtcNow().UtcDateTime;
        // The first is due one interval from now, not from whenever the pool gets to it.
        var timer = new PeriodicTimer(frequency, endpoint.Clock);
        loops.Run(stopping => Announce(to, Startup(endpoint.Host, startedAt), endpoint.Clock, logger, stopping));
        loops.Run(stopping => Beat(to, timer, endpoint, logger, stopping));
        return Task.CompletedTask;
    }

    public Task Stop(CancellationToken cancellationToken) => loops.Stop(cancellationToken);

    private async Task Announce(PlatformQueue to, byte[] startup, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        if (await TrySend(to, RegisterEndpointStartup.TypeName, startup, logger, stopping)) return;
        await Task.Delay(SecondAttemptAfter, clock, stopping);
        await TrySend(to, RegisterEndpointStartup.TypeName, startup, logger, stopping);
    }

    private async Task Beat(PlatformQueue to, PeriodicTimer timer, EndpointSurroundings endpoint, ILogger logger, CancellationToken stopping)
    {
        using (timer)
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                var heartbeat = new EndpointHeartbeat(
                    endpoint.Clock.GetUtcNow().UtcDateTime, endpoint.Host.EndpointName, endpoint.Host.Id(), endpoint.Host.DisplayName);
                var body = JsonSerializer.SerializeToUtf8Bytes(heartbeat, PlatformJson.Default.EndpointHeartbeat);
                await TrySend(to, EndpointHeartbeat.TypeName, body, logger, stopping);
            }
        }
    }

    private async Task<bool> TrySend(PlatformQueue to, string type, byte[] body, ILogger logger, CancellationToken stopping)
    {
        try
        {
            await to.Send(type, body, timeToLive, stopping);
            return true;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            logger.LogWarning(exception, "No heartbeat could be sent to {Queue}; the endpoint itself goes on.", to.Address);
            return false;
        }
    }

    private static byte[] Startup(HostInformation host, DateTime startedAt)
    {
        var properties = new Dictionary<string, string>
        {
            ["Machine"] = host.MachineName,
            ["ProcessID"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            ["UserName"] = Environment.UserName,
            ["PathToExecutable"] = HostInformation.ExecutablePath,
        };
        var startup = new RegisterEndpointStartup(host.Id(), host.EndpointName, startedAt, properties, host.DisplayName, host.DisplayName);
        return JsonSerializer.SerializeToUtf8Bytes(startup, PlatformJson.Default.RegisterEndpointStartup);
    }
}
