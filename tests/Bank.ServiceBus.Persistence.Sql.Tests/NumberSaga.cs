namespace Bank.ServiceBus.Persistence.Sql.Tests;

public sealed record StartNumber<T>(T Number);

public class NumberData<T> : ContainSagaData
{
    public T Number { get; set; } = default!;
}

/// <summary>Correlated by a number of any type.</summary>
[SqlSaga(tableSuffix: "Numbers")]
public sealed class NumberSaga<T> : Saga<NumberData<T>>, IAmStartedByMessages<StartNumber<T>>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<NumberData<T>> mapper) =>
        mapper.MapSaga(saga => saga.Number).ToMessage<StartNumber<T>>(message => message.Number);

    public Task Handle(StartNumber<T> message, IMessageHandlerContext context) => Task.CompletedTask;
}
