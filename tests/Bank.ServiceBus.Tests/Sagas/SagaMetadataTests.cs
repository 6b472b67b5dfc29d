using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Tests.Sagas;

public sealed class SagaMetadataTests
{
    [Fact]
    public void A_saga_tells_its_state_its_correlation_and_its_messages()
    {
        var saga = SagaMetadataReader.Read(typeof(OrderSaga));
        Assert.Equal(typeof(OrderData), saga.SagaEntityType);
        Assert.Equal("OrderId", saga.CorrelationProperty!.Name);
        Assert.Equal(typeof(LostOrders), saga.NotFoundHandlerType);
        Assert.Equal([typeof(PlaceOrder)], saga.AssociatedMessages.Where(message => message.IsAllowedToStart).Select(message => message.MessageType));
        Assert.Equal([typeof(OrderExpired)], saga.AssociatedMessages.Where(message => message.IsTimeout).Select(message => message.MessageType));
        Assert.Equal("Order", saga.Finders[typeof(TrackOrder)].HeaderName);
    }

    [Theory]
    [InlineData(typeof(NeverStarted), "no message starts it")]
    [InlineData(typeof(NotMapped), "PlaceOrder starts it but is not mapped")]
    [InlineData(typeof(MappedTwice), "PlaceOrder is mapped twice")]
    [InlineData(typeof(NotHandled), "PayOrder is mapped but not handled")]
    [InlineData(typeof(TwoProperties), "messages are mapped to both OrderId and Item")]
    [InlineData(typeof(NotAProperty), "must name a property of the saga's state")]
    [InlineData(typeof(WrongType), "PlaceOrder is mapped by a Guid, but the saga's Item is a String")]
    [InlineData(typeof(UnusableType), "History is a List`1; only texts, Guids and integers can correlate")]
    public void A_saga_that_could_not_work_is_refused_with_its_name_and_the_reason(Type saga, string reason)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => SagaMetadataReader.Read(saga));
        Assert.StartsWith(saga.FullName!, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sagas_cannot_share_a_type_of_state()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => SagaMetadataReader.ReadAll([typeof(OrderSaga), typeof(Copycat)]));
        Assert.Contains($"{typeof(OrderData).FullName}: it is the state of {typeof(OrderSaga).FullName} and of {typeof(Copycat).FullName}", refusal.Message, StringComparison.Ordinal);
    }

    private abstract class Placing : Saga<OrderData>, IAmStartedByMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context) => Task.CompletedTask;
    }

    private sealed class NeverStarted : Saga<OrderData>, IHandleMessages<PlaceOrder>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context) => Task.CompletedTask;

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
            mapper.MapSaga(saga => saga.OrderId).ToMessage<PlaceOrder>(message => message.OrderId);
    }

    private sealed class NotMapped : Placing
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
            mapper.MapSaga(saga => saga.OrderId);
    }

    private sealed class MappedTwice : Placing
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
            mapper.MapSaga(saga => saga.OrderId).ToMessage<PlaceOrder>(message => message.OrderId).ToMessageHeader<PlaceOrder>("Order");
    }

    private sealed class NotHandled : Placing
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
            mapper.MapSaga(saga => saga.OrderId).ToMessage<PlaceOrder>(message => message.OrderId).ToMessage<PayOrder>(message => message.OrderId);
    }

    private sealed class NotAProperty : Placing
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
            mapper.MapSaga(saga => saga.Item.ToUpperInvariant()).ToMessage<PlaceOrder>(message => message.Item);
    }

    private sealed class WrongType : Placing
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
            mapper.MapSaga(saga => saga.Item).ToMessage<PlaceOrder>(message => message.OrderId);
    }

    private sealed class UnusableType : Placing
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
            mapper.MapSaga(saga => saga.History).ToMessageHeader<PlaceOrder>("Order");
    }

    private sealed class Copycat : Placing
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
            mapper.MapSaga(saga => saga.OrderId).ToMessage<PlaceOrder>(message => message.OrderId);
    }

    private sealed class TwoProperties : Placing, IHandleMessages<ShipOrder>
    {
        public Task Handle(ShipOrder message, IMessageHandlerContext context) => Task.CompletedTask;

        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper)
        {
            mapper.MapSaga(saga => saga.OrderId).ToMessage<ShipOrder>(message => message.OrderId);
            mapper.MapSaga(saga => saga.Item).ToMessage<PlaceOrder>(message => message.Item);
        }
    }
}
