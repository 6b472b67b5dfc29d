using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.Sagas;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.Tests.Core;

public sealed class EndpointConfigurationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Bank@Accounts")]
    public void An_endpoint_needs_a_name_without_at_sign(string name) =>
        Assert.Equal("endpointName", Assert.Throws<ArgumentException>(() => new EndpointConfiguration(name)).ParamName);

    [Fact]
    public void An_endpoint_without_transport_or_serializer_is_refused_before_it_starts()
    {
        var configuration = new EndpointConfiguration("x");
        Assert.Contains("UseTransport", Refusal(configuration), StringComparison.Ordinal);
        configuration.UseTransport(new FakeTransport());
        Assert.Contains("UseSerialization", Refusal(configuration), StringComparison.Ordinal);
        configuration.UseSerialization<SystemJsonSerializer>();
        new ServiceCollection().AddNServiceBusEndpoint(configuration);
    }

    [Fact]
    public void The_outbox_needs_a_persistence_and_a_transport_that_receives_only()
    {
        Assert.Contains("UsePersistence", Refusal(Complete(configuration => configuration.EnableOutbox())), StringComparison.Ordinal);
        Assert.Contains("send-only", Refusal(Complete(configuration => { WithOutbox(configuration); configuration.SendOnly(); })), StringComparison.Ordinal);
        var refusal = Refusal(Complete(configuration =>
        {
            WithOutbox(configuration);
            configuration.UseTransport(new FakeTransport { TransportTransactionMode = TransportTransactionMode.None });
        }));
        Assert.Contains("ReceiveOnly", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_that_the_transport_does_not_offer_is_refused() =>
        Assert.Contains(
            "SendsAtomicWithReceive",
            Assert.Throws<ArgumentException>(() => new FakeTransport { TransportTransactionMode = TransportTransactionMode.SendsAtomicWithReceive }).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_saga_without_persistence_is_refused_at_the_start()
    {
        var endpoint = TestEndpoint.Build(configuration => configuration.AddSaga<SomeSaga>());
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(endpoint.StartAsync);
        Assert.Contains(nameof(SomeSaga), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        var configuration = new EndpointConfiguration("x");
        Assert.Throws<ArgumentOutOfRangeException>(() => configuration.LimitMessageProcessingConcurrencyTo(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => configuration.Recoverability().Delayed(delayed => delayed.NumberOfRetries(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => configuration.Recoverability().Delayed(delayed => delayed.TimeIncrease(TimeSpan.FromSeconds(-1))));
        Assert.Throws<ArgumentException>(() => configuration.Recoverability().AddUnrecoverableException(typeof(string)));
        Assert.Throws<ArgumentException>(() => configuration.SendFailedMessagesTo(" "));
        Assert.Throws<ArgumentException>(() => configuration.AddHandler<Script>());
    }

    [Fact]
    public void A_delay_and_an_instant_exclude_each_other()
    {
        var options = new SendOptions();
        options.DelayDeliveryWith(TimeSpan.FromSeconds(1));
        Assert.Throws<InvalidOperationException>(() => options.DoNotDeliverBefore(DateTimeOffset.UnixEpoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SendOptions().DelayDeliveryWith(TimeSpan.FromSeconds(-1)));
        Assert.Equal((TimeSpan.FromSeconds(1), null), (options.GetDeliveryDelay(), options.GetDeliveryDate()));
    }

    [Fact]
    public void A_host_id_made_of_names_is_the_same_after_each_restart()
    {
        static string IdOf(string instance)
        {
            var configuration = new EndpointConfiguration("x");
            configuration.UniquelyIdentifyRunningInstance().UsingNames(instance, "host-1");
            return HostInformation.Of(configuration).HostId;
        }

        Assert.Equal(IdOf("a"), IdOf("a"));
        Assert.NotEqual(IdOf("a"), IdOf("b"));
        Assert.Matches("^[0-9a-f]{32}$", IdOf("a"));
    }

    [Fact]
    public void Scanning_finds_the_handlers_of_loaded_assemblies_unless_they_are_excluded()
    {
        var scanner = new AssemblyScannerConfiguration();
        Assert.Contains(typeof(SomeSaga), Handlers.HandlerScan.Find(scanner));
        scanner.ExcludeAssemblies("Bank.ServiceBus.Tests.dll");
        Assert.DoesNotContain(typeof(SomeSaga), Handlers.HandlerScan.Find(scanner));
    }

    private static EndpointConfiguration Complete(Action<EndpointConfiguration> more)
    {
        var configuration = new EndpointConfiguration("x");
        configuration.UseTransport(new FakeTransport());
        configuration.UseSerialization<SystemJsonSerializer>();
        more(configuration);
        return configuration;
    }

    private static void WithOutbox(EndpointConfiguration configuration)
    {
        configuration.Settings.Set(new InMemoryStore());
        configuration.UsePersistence<FakePersistence>();
        configuration.EnableOutbox();
    }

    private static string Refusal(EndpointConfiguration configuration) =>
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddNServiceBusEndpoint(configuration)).Message;

    public sealed class SomeData : ContainSagaData
    {
        public string? Key { get; set; }
    }

    public sealed class SomeSaga : Saga<SomeData>, IAmStartedByMessages<Pong>
    {
        public Task Handle(Pong message, IMessageHandlerContext context) => Task.CompletedTask;

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<SomeData> mapper) =>
            mapper.MapSaga(saga => saga.Key).ToMessage<Pong>(message => message.Text);
    }
}
