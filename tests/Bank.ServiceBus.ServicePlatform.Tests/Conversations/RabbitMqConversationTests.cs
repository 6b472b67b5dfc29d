using Bank.ServiceBus.Tests.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

namespace Bank.ServiceBus.ServicePlatform.Tests.Conversations;

public sealed class RabbitMqConversationTests : PlatformConversation, IAsyncLifetime
{
    [SkippableFact]
    public async Task Reports_have_the_properties_of_the_wire_format()
    {
        var names = PlatformNames.Unique();
        await using var queues = await BrokerQueues.Open(names.All);
        using var endpoint = await Start(names.ConnectionFile, new Script());
        await endpoint.Services.GetRequiredService<IMessageSession>().SendLocal(new Ping("x"));

        const string heartbeat = "ServiceControl.Plugin.Heartbeat.Messages.EndpointHeartbeat";
        var properties = await PropertiesOf(names.ServiceControl, message => message.Type == heartbeat);
        Assert.Equal(
            (heartbeat, "application/json", EndpointName, "600000", DeliveryModes.Persistent),
            (properties.Type, properties.ContentType, properties.ReplyTo, properties.Expiration, properties.DeliveryMode));
        Assert.True(Guid.TryParseExact(properties.MessageId, "D", out _));
        Assert.False(properties.IsCorrelationIdPresent() || properties.IsTimestampPresent() || properties.IsAppIdPresent());
        Assert.Equal(
            ["NServiceBus.ContentType", "NServiceBus.EnclosedMessageTypes", "NServiceBus.MessageIntent", "NServiceBus.ReplyToAddress"],
            properties.Headers!.Keys.Where(key => key != "x-dotnet-pub-seq-no").Order());

        properties = await PropertiesOf(names.ServiceControl, message => message.Type == "ServiceControl.Plugin.CustomChecks.Messages.ReportCustomCheckResult");
        Assert.False(properties.IsExpirationPresent());
        properties = await PropertiesOf(names.Monitoring, message => message.Header("NServiceBus.Metric.Type") == "ProcessingTime");
        Assert.Equal(("TaggedLongValueWriterOccurrence", "604800000"), (properties.ContentType, properties.Expiration));
        Assert.False(properties.IsTypePresent() || properties.IsReplyToPresent());
        await endpoint.StopAsync();

        async Task<IReadOnlyBasicProperties> PropertiesOf(string queue, Func<PlatformMessage, bool> which)
        {
            await Eventually.Holds(() => queues.In(queue).Any(which), $"message in {queue}");
            return queues.PropertiesOf(queues.In(queue).First(which));
        }
    }

    [SkippableFact]
    public async Task Messages_are_handled_at_the_first_attempt_while_the_queues_of_the_platform_are_missing()
    {
        var missing = PlatformNames.Unique();
        var script = new Script { Do = (message, context) => ((Ping)message).Text.StartsWith("first", StringComparison.Ordinal) ? context.SendLocal(new Ping("then")) : Task.CompletedTask };
        using var endpoint = await Start(null, script, configuration =>
        {
            // Each of these closes the channel it is sent on.
            configuration.SendHeartbeatTo(missing.ServiceControl, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
            configuration.ReportCustomChecksTo(missing.ServiceControl);
            configuration.EnableMetrics().SendMetricDataToServiceControl(missing.Monitoring, TimeSpan.FromMilliseconds(1));
            configuration.SendFailedMessagesTo(EndpointName + "-error");
        });
        var session = endpoint.Services.GetRequiredService<IMessageSession>();
        for (var batch = 0; batch < 20; batch++) await Task.WhenAll(Enumerable.Range(0, 20).Select(number => session.SendLocal(new Ping($"first {batch}-{number}"))));
        await Eventually.Holds(() => script.Seen.OfType<Ping>().Count(message => message.Text == "then") >= 400, "all messages");
        await endpoint.StopAsync();
        Assert.Equal(800, script.Seen.Count);
        Assert.Equal(400, script.Seen.OfType<Ping>().Where(message => message.Text != "then").Distinct().Count());
    }

    [SkippableFact]
    public async Task An_endpoint_whose_saga_audit_queue_is_missing_says_so_and_does_not_start()
    {
        Skip.If(!BrokerQueues.IsThere, BrokerQueues.Missing);
        var missing = PlatformNames.Unique().Audit;
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(null, new Script(), configuration => configuration.AuditSagaStateChanges(missing)));
        Assert.StartsWith($"AuditSagaStateChanges: the queue '{missing}' cannot be reached: ", error.Message);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() =>
        BrokerQueues.IsThere ? BrokerQueues.Delete(EndpointName, EndpointName + "-error") : Task.CompletedTask;

    internal override async Task<IPlatformQueues> Open(params string[] queues) => await BrokerQueues.Open(queues);

    private protected override void UseTransport(EndpointConfiguration configuration)
    {
        // The broker of the tests has no management plug-in.
        configuration.UseTransport(new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), BrokerQueues.ConnectionString)
        {
            DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled,
            ValidateDeliveryLimits = false,
        });
    }
}
