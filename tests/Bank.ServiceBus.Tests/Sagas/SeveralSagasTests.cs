using Bank.ServiceBus.Tests.Core;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Sagas;

public sealed class SeveralSagasTests : IAsyncLifetime
{
    private static readonly Guid Order = Guid.NewGuid();

    private TestEndpoint endpoint = null!;

    [Fact]
    public async Task One_message_can_start_several_sagas_and_each_sends_under_its_own_name()
    {
        await endpoint.Deliver(new PlaceOrder(Order, "pen"));
        var timeout = endpoint.Dispatcher.To(TestEndpoint.Name).Message.Headers;
        var parcel = endpoint.Dispatcher.To("Packing").Message.Headers;
        Assert.Equal(typeof(OrderSaga).AssemblyQualifiedName, timeout[Headers.OriginatingSagaType]);
        Assert.Equal(typeof(ParcelSaga).AssemblyQualifiedName, parcel[Headers.OriginatingSagaType]);
        Assert.NotEqual(timeout[Headers.OriginatingSagaId], parcel[Headers.OriginatingSagaId]);
    }

    [Fact]
    public async Task A_reply_reaches_only_the_saga_that_asked()
    {
        await endpoint.Deliver(new PlaceOrder(Order, "pen"));
        var asked = endpoint.Dispatcher.To("Packing").Message.Headers;
        endpoint.Dispatcher.Dispatched.Clear();
        await endpoint.Deliver(
            new ParcelPacked("P1"), (Headers.SagaId, asked[Headers.OriginatingSagaId]), (Headers.SagaType, asked[Headers.OriginatingSagaType]),
            (Headers.MessageIntent, "Reply"));
        var sent = endpoint.Dispatcher.Single();
        Assert.Equal(new UnicastDestination("Carrier"), sent.Destination);
        Assert.Equal(asked[Headers.OriginatingSagaId], sent.Message.Headers[Headers.OriginatingSagaId]);
    }

    public async Task InitializeAsync() => endpoint = await TestEndpoint.Start(configuration =>
    {
        configuration.UsePersistence<SagaMemoryPersistence>();
        configuration.AddSaga<OrderSaga>();
        configuration.AddSaga<ParcelSaga>();
        configuration.Recoverability().Immediate(retries => retries.NumberOfRetries(0)).Delayed(retries => retries.NumberOfRetries(0));
    });

    public async Task DisposeAsync() => await endpoint.DisposeAsync();

    public sealed class ParcelData : ContainSagaData
    {
        public Guid OrderId { get; set; }
    }

    public sealed class ParcelSaga : Saga<ParcelData>, IAmStartedByMessages<PlaceOrder>, IHandleMessages<ParcelPacked>
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<ParcelData> mapper) =>
            mapper.MapSaga(saga => saga.OrderId).ToMessage<PlaceOrder>(message => message.OrderId);

        public Task Handle(PlaceOrder message, IMessageHandlerContext context) => context.Send("Packing", new ShipOrder(Data.OrderId));

        public Task Handle(ParcelPacked message, IMessageHandlerContext context) => context.Send("Carrier", new TrackOrder(message.Parcel));
    }
}
