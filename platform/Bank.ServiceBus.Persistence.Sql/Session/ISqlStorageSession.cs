using System.Data.Common;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Persistence.Sql;

namespace Bank.ServiceBus.Persistence.Sql
{
    /// <summary>The connection and transaction that handlers, sagas and the outbox of one message share.</summary>
    public interface ISqlStorageSession
    {
        /// <summary>The open connection.</summary>
        DbConnection Connection { get; }

        /// <summary>The transaction; committed after all handlers have succeeded.</summary>
        DbTransaction Transaction { get; }

        /// <summary>Runs after all handlers, before the commit, in the order of registration.</summary>
        void OnSaveChanges(Func<ISqlStorageSession, CancellationToken, Task> callback);
    }
}

namespace Bank.ServiceBus
{
    /// <summary>Reaches the SQL session.</summary>
    public static class SqlPersistenceStorageSessionExtensions
    {
        /// <summary>The connection and transaction of the message being handled.</summary>
        /// <exception cref="InvalidOperationException">The endpoint does not use <see cref="SqlPersistence"/>.</exception>
        public static ISqlStorageSession SqlPersistenceSession(this ISynchronizedStorageSession session) =>
            session as ISqlStorageSession
            ?? throw new InvalidOperationException("The endpoint does not use SqlPersistence, so the message has no SQL session.");
    }
}
