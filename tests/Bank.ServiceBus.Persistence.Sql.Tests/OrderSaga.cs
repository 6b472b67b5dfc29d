namespace Bank.ServiceBus.Persistence.Sql.Tests;

public sealed record StartOrder(string OrderId);

public class OrderData : ContainSagaData
{
    public string OrderId { get; set; } = "";

    public int Lines { get; set; }

    public DateTimeOffset? PaidAt { get; set; }

    public decimal Price { get; set; }

    public List<string> Notes { get; set; } = [];
}

public sealed class OrderSaga : Saga<OrderData>, IAmStartedByMessages<StartOrder>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) =>
        mapper.MapSaga(saga => saga.OrderId).ToMessage<StartOrder>(message => message.OrderId);

    public Task Handle(StartOrder message, IMessageHandlerContext context) => Task.CompletedTask;
}
