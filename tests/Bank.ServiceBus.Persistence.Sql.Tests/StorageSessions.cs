using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;

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
}
