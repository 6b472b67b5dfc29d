using Bank.ServiceBus.CustomChecks;
using Bank.ServiceBus.Tests.Core;
using Bank.ServiceBus.Tests.Sagas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.ServiceBus.ServicePlatform.Tests.Conversations;

/// <summary>An endpoint connected to a platform by the file that ServicePulse offers, on one transport.</summary>
public abstract class PlatformConversation
{
    private readonly string endpointName = $"Platform.Test-{Guid.NewGuid().ToString("N")[..8]}";

    [SkippableFact]
    public async Task The_platform_understands_everything_that_an_endpoint_tells_it()
    {
        var names = PlatformNames.Unique();
        await using var queues = await Open(names.All);
        var platform = new FakeServiceControl(queues, names);
        using var endpoint = await Start(names.ConnectionFile, new Script());
        var session = endpoint.Services.GetRequiredService<IMessageSession>();
        var order = Guid.NewGuid();
        await session.SendLocal(new Ping("x"));
        await session.SendLocal(new PlaceOrder(order, "tea"));

        await Eventually.Holds(() => platform.Started.Length == 1 && platform.Heartbeats.Length == 1, "start-up and heartbeat");
        Assert.Equal(platform.Started, platform.Heartbeats);
        Assert.Equal(endpointName, platform.Heartbeats[0].Endpoint);
        await Eventually.Holds(() => platform.Checks.Length == 1, "custom check");
        Assert.Equal(("Stock", "no tea left"), platform.Checks[0]);
        await Eventually.Holds(() => platform.AuditCopies.Length == 2 && platform.SagaChanges.Length == 1, "audit");
        var change = platform.SagaChanges[0].Json;
        var copy = platform.AuditCopies.Single(message => message.Type!.StartsWith(typeof(PlaceOrder).FullName!, StringComparison.Ordinal));
        Assert.Equal($"{typeof(OrderSaga).FullName}:{change.GetProperty("SagaId").GetString()}", copy.Header("NServiceBus.InvokedSagas"));
        Assert.Equal($"{change.GetProperty("SagaId").GetString()}:New", copy.Header("ServiceControl.SagaStateChange"));
        Assert.Equal(copy.Header("NServiceBus.MessageId"), change.GetProperty("Initiator").GetProperty("InitiatingMessageId").GetString());
        Assert.Equal(endpointName, copy.Header("NServiceBus.ProcessingEndpoint"));
        Assert.Equal(platform.Heartbeats[0].HostId, Guid.ParseExact(copy.Header("$.diagnostics.hostid")!, "N"));
        Assert.True(FakeServiceControl.Instant(copy.Header("NServiceBus.ProcessingStarted")!) <= FakeServiceControl.Instant(copy.Header("NServiceBus.ProcessingEnded")!));
        await Eventually.Holds(
            () => platform.Measured(endpointName, "ProcessingTime").Length == 2 && platform.Measured(endpointName, "CriticalTime").Length == 2, "metrics");
        Assert.Contains(platform.Measured(endpointName, "ProcessingTime"), entry => entry.Tag == copy.Type);
        Assert.Equal(endpointName, platform.QueueOf(endpointName));
        await endpoint.StopAsync();
    }

    [SkippableFact]
    public async Task A_failed_message_is_retried_by_the_platform_until_it_is_acknowledged_once()
    {
        var names = PlatformNames.Unique();
        await using var queues = await Open(names.All);
        var platform = new FakeServiceControl(queues, names);
        var failing = true;
        var script = new Script { Do = (_, _) => failing ? throw new InvalidOperationException("not yet") : Task.CompletedTask };
        using var endpoint = await Start(names.ConnectionFile, script);
        await endpoint.Services.GetRequiredService<IMessageSession>().SendLocal(new Ping("x"));

        await Eventually.Holds(() => platform.Failed.Length == 1, "failure");
        var failed = platform.Failed[0];
        Assert.Equal(
            (endpointName, endpointName, "System.InvalidOperationException", "not yet"),
            (failed.Header("NServiceBus.FailedQ"), failed.Header("NServiceBus.ProcessingEndpoint"), failed.Header("NServiceBus.ExceptionInfo.ExceptionType"),
                failed.Header("NServiceBus.ExceptionInfo.Message")));
        var unique = await platform.SendAgain(failed);
        await Eventually.Holds(() => platform.Failed.Length == 2, "second failure");
        Assert.Equal(unique, platform.Failed[1].Header("ServiceControl.Retry.UniqueMessageId"));
        Assert.Empty(platform.Acknowledged);

        failing = false;
        Assert.Equal(unique, await platform.SendAgain(platform.Failed[1]));
        await Eventually.Holds(() => platform.Acknowledged.Length == 1 && platform.AuditCopies.Length == 1, "acknowledgement and audit");
        Assert.Equal(unique, platform.Acknowledged[0]);
        Assert.Equal("true", platform.AuditCopies[0].Header("ServiceControl.Retry.AcknowledgementSent"));
        Assert.Equal(failed.Header("NServiceBus.TimeSent"), platform.AuditCopies[0].Header("NServiceBus.TimeSent"));
        Assert.Equal(3, script.Seen.Count);
        await endpoint.StopAsync();
        Assert.Single(platform.Acknowledged);
    }

    internal abstract Task<IPlatformQueues> Open(params string[] queues);

    private protected abstract void UseTransport(EndpointConfiguration configuration);

    private protected string EndpointName => endpointName;

    private protected async Task<IHost> Start(string? connectionFile, Script script, Action<EndpointConfiguration>? configure = null)
    {
        var configuration = new EndpointConfiguration(endpointName);
        configuration.AssemblyScanner().Disable = true;
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.UsePersistence<SagaMemoryPersistence>();
        configuration.AddHandler<Handling<Ping>>();
        configuration.AddSaga<OrderSaga>();
        configuration.AddCustomCheck<StockCheck>();
        configuration.Recoverability().Immediate(retries => retries.NumberOfRetries(0)).Delayed(retries => retries.NumberOfRetries(0));
        configuration.EnableInstallers();
        UseTransport(configuration);
        if (connectionFile is not null) configuration.ConnectToServicePlatform(ServicePlatformConnectionConfiguration.Parse(connectionFile));
        configure?.Invoke(configuration);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(script);
        builder.Services.AddNServiceBusEndpoint(configuration);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public sealed class StockCheck() : CustomCheck("Stock", "Shop")
    {
        public override Task<CheckResult> PerformCheck(CancellationToken cancellationToken = default) => CheckResult.Failed("no tea left");
    }
}
