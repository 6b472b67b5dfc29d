using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

internal static class StorageSessions
{
    /// <summary>Does something in a session of its own and commits it.</summary>
    public static async Task InSession(this PersistenceInfrastructure persistence, Func<ISynchronizedStorageSession, ContextBag, Task> act)
    {
        await using var session = persistence.CreateSession();
        var bag = new ContextBag();
        await session.Open(bag);
        await act(session, bag);
        await session.CompleteAsync();
    }

    /// <summary>Stores one saga and the record of one message.</summary>
    public static async Task Fill(this PersistenceInfrastructure persistence, string message, string order)
    {
        await persistence.InSession((session, bag) => persistence.SagaPersister.Save(
            new OrderData { Id = Guid.NewGuid(), OrderId = order }, new SagaCorrelationProperty(nameof(OrderData.OrderId), order), session, bag));
        await using var transaction = await persistence.OutboxStorage!.BeginTransaction(new ContextBag());
        await persistence.OutboxStorage.Store(new OutboxMessage(message, []), transaction, new ContextBag());
        await transaction.Commit();
        await persistence.OutboxStorage.SetAsDispatched(message, new ContextBag());
    }
}
