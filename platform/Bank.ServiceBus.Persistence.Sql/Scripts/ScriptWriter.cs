using System.Reflection;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>
/// Writes the statements that create and drop the tables of an endpoint to files, for whoever runs them: <c>Outbox_Create.sql</c>, <c>Outbox_Drop.sql</c>,
/// <c>Sagas/{suffix}_Create.sql</c>, <c>Sagas/{suffix}_Drop.sql</c>, in a folder for each dialect. Prefix and schema are left open as <c>$(tablePrefix)</c> and
/// <c>$(schema)</c>, which sqlcmd reads as its variables, and <see cref="ScriptRunner"/> too.
/// </summary>
public static class ScriptWriter
{
    internal const string Prefix = "$(tablePrefix)";
    internal const string Schema = "$(schema)";

    /// <summary>Writes the scripts for the sagas of an assembly, as its <see cref="SqlPersistenceSettingsAttribute"/> says.</summary>
    /// <param name="assembly">The assembly with the sagas.</param>
    /// <param name="folder">Where to; each dialect gets a folder of its name in it.</param>
    /// <returns>The files written.</returns>
    public static IReadOnlyList<string> Write(Assembly assembly, string folder)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var wanted = assembly.GetCustomAttribute<SqlPersistenceSettingsAttribute>() ?? new SqlPersistenceSettingsAttribute();
        return Write(wanted, assembly.GetTypes().Where(type => typeof(Saga).IsAssignableFrom(type) && !type.IsAbstract), folder);
    }

    /// <summary>Where an assembly wants its scripts copied to; null for nowhere.</summary>
    public static string? PromotionPath(Assembly assembly) => assembly.GetCustomAttribute<SqlPersistenceSettingsAttribute>()?.ScriptPromotionPath;

    internal static IReadOnlyList<string> Write(SqlPersistenceSettingsAttribute wanted, IEnumerable<Type> sagaTypes, string folder)
    {
        SqlDialect[] dialects = (wanted.PostgreSqlScripts, wanted.MsSqlServerScripts) switch
        {
            (true, false) => [new SqlDialect.PostgreSql()],
            (false, true) => [new SqlDialect.MsSqlServer()],
            _ => [new SqlDialect.PostgreSql(), new SqlDialect.MsSqlServer()],
        };
        var sagas = SagaMetadataReader.ReadAll(sagaTypes);
        var written = new List<string>();
        foreach (var dialect in dialects)
        {
            foreach (var (name, text) in Scripts(dialect.Sql, wanted, sagas))
            {
                var file = Path.Combine(folder, dialect.ToString(), name);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, dialect.Sql.BeginScript + text.ReplaceLineEndings("\n") + "\n");
                written.Add(file);
            }
        }

        return written;
    }

    internal static IEnumerable<(string Name, string Text)> Scripts(DialectSql dialect, SqlPersistenceSettingsAttribute wanted, IEnumerable<SagaMetadata> sagas)
    {
        if (wanted.ProduceOutboxScripts)
        {
            var outbox = dialect.Table(Schema, Prefix + "OutboxData");
            yield return ("Outbox_Create.sql", dialect.CreateOutbox(outbox, Schema));
            yield return ("Outbox_Drop.sql", $"drop table if exists {outbox};");
        }

        if (!wanted.ProduceSagaScripts) yield break;
        foreach (var saga in sagas.Select(saga => new SagaTable(saga, dialect, Schema, Prefix)))
        {
            yield return ($"Sagas/{saga.Suffix}_Create.sql", dialect.CreateSaga(saga.Name, saga, Schema));
            yield return ($"Sagas/{saga.Suffix}_Drop.sql", $"drop table if exists {saga.Name};");
        }
    }
}
