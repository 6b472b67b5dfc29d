using System.Collections.Concurrent;
using Bank.LocalServers;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>The broker goes away in the middle of things and comes back; nothing that was confirmed is lost, and nothing needs a restart.</summary>
public sealed class BrokerRestartTests
{
    [SkippableTheory]
    [InlineData("stopped cleanly")]
    [InlineData("killed")]
    public async Task What_was_confirmed_arrives_although_the_broker_goes_away(string how)
    {
        Skip.IfNot(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        var folder = Path.Combine(Path.GetTempPath(), "broker-" + Guid.NewGuid().ToString("N"));
        await using (var broker = await RabbitMqServer.StartAsync(folder))
        {
            var (confirmed, handled) = (new ConcurrentBag<string>(), new ConcurrentDictionary<string, bool>());
            await using var endpoint = await TestTransport.Start(
                Broker.Transport(QueueType.Quorum, broker.ConnectionString, delays: false),
                "restarted", message => Task.FromResult(handled.TryAdd(message.Body, true)));
            using var stop = new CancellationTokenSource();
            var sending = SendUntil(stop.Token, endpoint, confirmed);
            await Eventually.Holds(() => handled.Count > 50, "the flow before");
            if (how == "killed") await broker.CrashAsync();
            else await broker.StopAsync();
            await broker.RestartAsync();
            var before = confirmed.Count;
            await Eventually.Holds(() => confirmed.Count > before + 50, "the flow after", seconds: 60);
            await stop.CancelAsync();
            await sending;
            await Eventually.Holds(() => confirmed.All(handled.ContainsKey), "everything confirmed", seconds: 60);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task SendUntil(CancellationToken stop, TestTransport endpoint, ConcurrentBag<string> confirmed)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            try
            {
                await endpoint.Send(endpoint.Address, number.ToString());
                confirmed.Add(number.ToString());
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                // Not confirmed: nothing is promised of it.
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }
}
