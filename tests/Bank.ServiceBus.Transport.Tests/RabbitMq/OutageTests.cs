using System.Collections.Concurrent;
using Bank.LocalServers;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>The connection is lost while a message is being handled.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "broker-" + Guid.NewGuid().ToString("N"));
    private RabbitMqServer? server;

    private RabbitMqServer Server
    {
        get
        {
            Skip.If(server is null, RabbitMqServer.HowToInstall);
            return server;
        }
    }

    public async Task InitializeAsync()
    {
        if (RabbitMqServer.IsInstalled) server = await RabbitMqServer.StartAsync(folder);
    }

    public async Task DisposeAsync()
    {
        if (server is null) return;
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [SkippableFact]
    public async Task A_handler_that_outlasts_an_outage_hinders_nobody_and_is_waited_for_at_the_end()
    {
        var hold = new TaskCompletionSource();
        var seen = new ConcurrentQueue<string>();
        await using var endpoint = await Start("stuck", message =>
        {
            seen.Enqueue(message.Body);
            return message.Body == "hold" && seen.Count(body => body == "hold") == 1 ? hold.Task : Task.CompletedTask;
        });
        await endpoint.Send(endpoint.Address, "hold");
        await Eventually.Holds(() => seen.Contains("hold"), "the begin");
        await Server.CrashAsync();
        await Server.RestartAsync();
        await SendAnyhow(endpoint, endpoint.Address, "next");
        await Eventually.Holds(() => seen.Contains("next"), "receiving again");

        var stop = endpoint.Stop();
        await Server.CrashAsync();
        Assert.False(stop.IsCompleted);
        hold.SetResult();
        await stop;
        await Server.RestartAsync();
    }

    [SkippableFact]
    public async Task An_outage_that_lasts_is_reported_once_and_receiving_goes_on_when_it_is_over()
    {
        var alarms = new ConcurrentQueue<string>();
        var log = new LogLines();
        var transport = Broker.Transport(QueueType.Quorum, Server.ConnectionString, delays: false);
        transport.TimeToWaitBeforeTriggeringCircuitBreaker = TimeSpan.FromMilliseconds(300);
        await using var endpoint = await TestTransport.Start(transport, "alarmed", loggers: LoggerFactory.Create(builder => builder.AddProvider(log)), criticalError: alarms.Enqueue);
        await Server.CrashAsync();
        await Eventually.Holds(() => !alarms.IsEmpty, "the report");
        var tried = log.Lines.Count();
        await Eventually.Holds(() => log.Lines.Count() > tried + 2, "further attempts");
        await Server.RestartAsync();
        await SendAnyhow(endpoint, endpoint.Address, "after");
        await Eventually.Holds(() => endpoint.All.Any(message => message.Body == "after"), "receiving again");
        Assert.Contains("alarmed", Assert.Single(alarms), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_stop_in_the_middle_of_an_outage_waits_for_what_is_being_handled()
    {
        var hold = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var endpoint = await Start("outage", _ =>
        {
            begun.TrySetResult();
            return hold.Task;
        });
        await endpoint.Send(endpoint.Address, "hold");
        await begun.Task;
        await Server.CrashAsync();
        var stop = endpoint.Stop();
        // By now the receiver has seen the outage and the order to stop; a stop that did not wait would be over.
        await Server.RestartAsync();
        Assert.False(stop.IsCompleted);
        hold.SetResult();
        await stop;
    }

    [SkippableFact]
    public async Task A_handled_message_whose_acknowledgement_was_lost_is_not_handled_again_but_one_sent_again_with_its_id_is()
    {
        var hold = new TaskCompletionSource();
        var handled = new ConcurrentQueue<string>();
        var log = new LogLines();
        await using var endpoint = await Start(
            "again", async message =>
            {
                handled.Enqueue(message.Body);
                if (handled.Count == 1) await hold.Task;
            },
            log);
        await endpoint.Send(endpoint.Address, "first", id: "x");
        await Eventually.Holds(() => !handled.IsEmpty, "the begin");
        await Server.CrashAsync();
        await Eventually.Holds(() => log.Lines.Any(line => line.Contains("no longer received from", StringComparison.Ordinal)), "the receiver's notice of the outage");
        hold.SetResult();
        await Server.RestartAsync();
        await SendAnyhow(endpoint, endpoint.Address, "second", "x");
        await Eventually.Holds(() => handled.Contains("second"), "the second");
        Assert.Equal(1, handled.Count(body => body == "first"));
    }

    private Task<TestTransport> Start(string name, Func<Received, Task> handle, LogLines? log = null) => TestTransport.Start(
        Broker.Transport(QueueType.Quorum, Server.ConnectionString, delays: false),
        name, handle, concurrency: 2, loggers: log is null ? null : LoggerFactory.Create(builder => builder.AddProvider(log)));

    /// <summary>Sends until the broker has taken it.</summary>
    private static async Task SendAnyhow(TestTransport endpoint, string destination, string body, string? id = null)
    {
        var limit = DateTimeOffset.UtcNow.AddMinutes(1);
        while (true)
        {
            try
            {
                await endpoint.Send(destination, body, id: id);
                return;
            }
            catch (Exception) when (DateTimeOffset.UtcNow < limit)
            {
                await Task.Delay(100);
            }
        }
    }
}
