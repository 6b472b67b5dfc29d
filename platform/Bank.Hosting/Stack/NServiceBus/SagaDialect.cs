using NpgsqlTypes;

namespace Bank.Hosting;

/// <summary>Chooses how sagas and the outbox are stored. NServiceBus.Persistence.Sql has no SQLite.</summary>
internal static class SagaDialect
{
    public static void Choose(PersistenceExtensions<SqlPersistence> persistence, DatabaseKind kind)
    {
        switch (kind)
        {
            case DatabaseKind.PostgreSql:
                persistence.SqlDialect<SqlDialect.PostgreSql>().JsonBParameterModifier(parameter => ((Npgsql.NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb);
                break;
            case DatabaseKind.SqlServer:
                persistence.SqlDialect<SqlDialect.MsSqlServer>();
                break;
            default:
                throw new InvalidOperationException("Bank:Database: NServiceBus.Persistence.Sql stores nothing in SQLite; choose PostgreSql.");
        }
    }
}
