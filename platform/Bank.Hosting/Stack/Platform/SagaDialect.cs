using NpgsqlTypes;

namespace Bank.Hosting;

/// <summary>Chooses how sagas and the outbox are stored. SQLite is a dialect of this library alone.</summary>
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
                persistence.SqlDialect<SqlDialect.Sqlite>();
                break;
        }
    }
}
