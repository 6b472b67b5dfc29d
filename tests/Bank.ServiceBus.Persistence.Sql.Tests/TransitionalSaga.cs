namespace Bank.ServiceBus.Persistence.Sql.Tests;

public class InvoiceData : ContainSagaData
{
    public string InvoiceId { get; set; } = "";

    public Guid Customer { get; set; }
}

/// <summary>The first version: correlated by one property, and nobody thinks of another yet.</summary>
[SqlSaga(tableSuffix: "Invoices")]
public sealed class FirstInvoiceSaga : Saga<InvoiceData>, IAmStartedByMessages<StartOrder>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<InvoiceData> mapper) =>
        mapper.MapSaga(saga => saga.InvoiceId).ToMessage<StartOrder>(message => message.OrderId);

    public Task Handle(StartOrder message, IMessageHandlerContext context) => Task.CompletedTask;
}

/// <summary>Correlated by one property, about to be correlated by another; stored in a table of another name.</summary>
[SqlSaga(nameof(InvoiceData.InvoiceId), nameof(InvoiceData.Customer), "Invoices")]
public sealed class InvoiceSaga : Saga<InvoiceData>, IAmStartedByMessages<StartOrder>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<InvoiceData> mapper) =>
        mapper.MapSaga(saga => saga.InvoiceId).ToMessage<StartOrder>(message => message.OrderId);

    public Task Handle(StartOrder message, IMessageHandlerContext context) => Task.CompletedTask;
}

/// <summary>The next version, correlated by the other property.</summary>
[SqlSaga(tableSuffix: "Invoices")]
public sealed class LaterInvoiceSaga : Saga<InvoiceData>, IAmStartedByMessages<ForCustomer>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<InvoiceData> mapper) =>
        mapper.MapSaga(saga => saga.Customer).ToMessage<ForCustomer>(message => message.Customer);

    public Task Handle(ForCustomer message, IMessageHandlerContext context) => Task.CompletedTask;
}

public sealed record ForCustomer(Guid Customer);

public class WrongTypeData : ContainSagaData
{
    public int InvoiceId { get; set; }
}

/// <summary>Takes the same table for a property of another type.</summary>
[SqlSaga(tableSuffix: "Invoices")]
public sealed class WrongTypeSaga : Saga<WrongTypeData>, IAmStartedByMessages<ForNumber>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<WrongTypeData> mapper) =>
        mapper.MapSaga(saga => saga.InvoiceId).ToMessage<ForNumber>(message => message.Number);

    public Task Handle(ForNumber message, IMessageHandlerContext context) => Task.CompletedTask;
}

public sealed record ForNumber(int Number);

public class DatedInvoiceData : ContainSagaData
{
    public string InvoiceId { get; set; } = "";

    public DateTime Due { get; set; }
}

/// <summary>Wants to be correlated by what is neither a text nor a Guid nor an integer.</summary>
[SqlSaga(transitionalCorrelationProperty: nameof(DatedInvoiceData.Due))]
public sealed class DatedInvoiceSaga : Saga<DatedInvoiceData>, IAmStartedByMessages<StartOrder>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<DatedInvoiceData> mapper) =>
        mapper.MapSaga(saga => saga.InvoiceId).ToMessage<StartOrder>(message => message.OrderId);

    public Task Handle(StartOrder message, IMessageHandlerContext context) => Task.CompletedTask;
}

/// <summary>Says one thing and maps another.</summary>
[SqlSaga("Customer")]
public sealed class ContradictorySaga : Saga<InvoiceData>, IAmStartedByMessages<StartOrder>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<InvoiceData> mapper) =>
        mapper.MapSaga(saga => saga.InvoiceId).ToMessage<StartOrder>(message => message.OrderId);

    public Task Handle(StartOrder message, IMessageHandlerContext context) => Task.CompletedTask;
}
