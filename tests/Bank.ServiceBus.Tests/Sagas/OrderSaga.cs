namespace Bank.ServiceBus.Tests.Sagas;

public sealed record PlaceOrder(Guid OrderId, string Item) : ICommand;

public sealed record PayOrder(Guid? OrderId) : ICommand;

public sealed record CancelOrder(Guid OrderId) : ICommand;

public sealed record SpoilOrder(Guid OrderId, string How) : ICommand;

public sealed record TrackOrder(string Parcel) : ICommand;

public sealed record ShipOrder(Guid OrderId) : ICommand;

public sealed record OrderShipped(Guid OrderId) : IEvent;

public sealed record ParcelPacked(string Parcel) : IMessage;

public sealed record OrderDone(Guid OrderId) : IMessage;

public sealed record OrderExpired : IMessage;

public sealed class OrderData : ContainSagaData
{
    public Guid OrderId { get; set; }

    public string Item { get; set; } = "";

    public List<string> History { get; set; } = [];
}

/// <summary>Sells one item: placed, paid, shipped; expires a day after it was placed.</summary>
public sealed class OrderSaga : Saga<OrderData>,
    IAmStartedByMessages<PlaceOrder>, IHandleMessages<PayOrder>, IHandleMessages<CancelOrder>, IHandleMessages<SpoilOrder>, IHandleMessages<TrackOrder>,
    IHandleMessages<ParcelPacked>, IHandleMessages<OrderShipped>, IHandleTimeouts<OrderExpired>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper)
    {
        mapper.MapSaga(saga => saga.OrderId)
            .ToMessage<PlaceOrder>(message => message.OrderId)
            .ToMessage<PayOrder>(message => message.OrderId)
            .ToMessage<CancelOrder>(message => message.OrderId)
            .ToMessage<SpoilOrder>(message => message.OrderId)
            .ToMessage<OrderShipped>(message => message.OrderId)
            .ToMessageHeader<TrackOrder>("Order");
        mapper.ConfigureNotFoundHandler<LostOrders>();
    }

    public Task Handle(PlaceOrder message, IMessageHandlerContext context)
    {
        Data.Item = message.Item;
        Data.History.Add("placed");
        return RequestTimeout<OrderExpired>(context, TimeSpan.FromDays(1));
    }

    public Task Handle(PayOrder message, IMessageHandlerContext context)
    {
        Data.History.Add("paid");
        return context.Send("Shipping", new ShipOrder(Data.OrderId));
    }

    public Task Handle(ParcelPacked message, IMessageHandlerContext context)
    {
        Data.History.Add("packed " + message.Parcel);
        return context.Publish(new OrderShipped(Data.OrderId));
    }

    public Task Handle(OrderShipped message, IMessageHandlerContext context)
    {
        Data.History.Add("shipped");
        return Task.CompletedTask;
    }

    public Task Handle(TrackOrder message, IMessageHandlerContext context) => context.Reply(new ParcelPacked(Data.Item));

    public async Task Handle(CancelOrder message, IMessageHandlerContext context)
    {
        await ReplyToOriginator(context, new OrderDone(Data.OrderId), new Dictionary<string, string> { ["Why"] = "cancelled" });
        MarkAsComplete();
    }

    public Task Handle(SpoilOrder message, IMessageHandlerContext context)
    {
        if (message.How == "Id") Data.Id = Guid.NewGuid();
        if (message.How == "OrderId") Data.OrderId = Guid.NewGuid();
        Data.Item = "spoilt";
        return message.How == "throw" ? throw new InvalidOperationException("spoilt") : Task.CompletedTask;
    }

    public Task Timeout(OrderExpired state, IMessageHandlerContext context)
    {
        Data.History.Add("expired");
        return RequestTimeout(context, new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), new OrderExpired());
    }
}

/// <summary>Answers for orders that are not there.</summary>
public sealed class LostOrders : ISagaNotFoundHandler
{
    public Task Handle(object message, IMessageProcessingContext context) => context.Send("Lost", new ShipOrder(Guid.Empty));
}
