using System.Data.Common;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Runs scripts that create tables, such as in a deployment where the endpoint itself may not.</summary>
public static class ScriptRunner
{
    /// <summary>Runs the scripts of a folder, one transaction for each kind of storage.</summary>
    /// <param name="sqlDialect">The kind of database.</param>
    /// <param name="tablePrefix">What the names of tables begin with.</param>
    /// <param name="connectionBuilder">Makes a connection; it is opened and disposed here.</param>
    /// <param name="scriptDirectory">The folder with the scripts of that dialect.</param>
    /// <param name="shouldInstallOutbox">Whether to run <c>Outbox_Create.sql</c>.</param>
    /// <param name="shouldInstallSagas">Whether to run the scripts in <c>Sagas</c>.</param>
    /// <param name="shouldInstallSubscriptions">Whether to run <c>Subscription_Create.sql</c>, if there is one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileNotFoundException">A script that should be run is not there.</exception>
    public static Task Install(
        SqlDialect sqlDialect, string tablePrefix, Func<DbConnection> connectionBuilder, string scriptDirectory, bool shouldInstallOutbox = true,
        bool shouldInstallSagas = true, bool shouldInstallSubscriptions = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionBuilder);
        return Install(sqlDialect, tablePrefix, _ => connectionBuilder(), scriptDirectory, shouldInstallOutbox, shouldInstallSagas, shouldInstallSubscriptions, cancellationToken);
    }

    /// <summary>Runs the scripts of a folder, one transaction for each kind of storage, each on a connection of its own.</summary>
    /// <param name="sqlDialect">The kind of database.</param>
    /// <param name="tablePrefix">What the names of tables begin with.</param>
    /// <param name="connectionBuilder">Makes a connection for the kind of storage that a type of this library stands for; it is opened and disposed here.</param>
    /// <param name="scriptDirectory">The folder with the scripts of that dialect.</param>
    /// <param name="shouldInstallOutbox">Whether to run <c>Outbox_Create.sql</c>.</param>
    /// <param name="shouldInstallSagas">Whether to run the scripts in <c>Sagas</c>.</param>
    /// <param name="shouldInstallSubscriptions">Whether to run <c>Subscription_Create.sql</c>, if there is one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileNotFoundException">A script that should be run is not there.</exception>
    public static async Task Install(
        SqlDialect sqlDialect, string tablePrefix, Func<Type, DbConnection> connectionBuilder, string scriptDirectory, bool shouldInstallOutbox = true,
        bool shouldInstallSagas = true, bool shouldInstallSubscriptions = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sqlDialect);
        ArgumentNullException.ThrowIfNull(tablePrefix);
        ArgumentNullException.ThrowIfNull(connectionBuilder);
        ArgumentException.ThrowIfNullOrWhiteSpace(scriptDirectory);
        if (!NameParts.IsPlain(tablePrefix)) throw new ArgumentException(NameParts.Refusal("tablePrefix", tablePrefix), nameof(tablePrefix));
        if (shouldInstallOutbox) await Run(sqlDialect, tablePrefix, connectionBuilder(typeof(Outbox.IOutboxStorage)), [Needed(scriptDirectory, "Outbox_Create.sql")], cancellationToken);
        var sagas = Path.Combine(scriptDirectory, "Sagas");
        if (shouldInstallSagas && Directory.Exists(sagas))
            await Run(sqlDialect, tablePrefix, connectionBuilder(typeof(Sagas.ISagaPersister)), [.. Directory.GetFiles(sagas, "*_Create.sql").Order(StringComparer.Ordinal)], cancellationToken);
        var subscriptions = Path.Combine(scriptDirectory, "Subscription_Create.sql");
        if (shouldInstallSubscriptions && File.Exists(subscriptions))
            await Run(sqlDialect, tablePrefix, connectionBuilder(typeof(SubscriptionSettings)), [subscriptions], cancellationToken);
    }

    private static string Needed(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        return File.Exists(file) ? file : throw new FileNotFoundException($"scriptDirectory: {folder} holds no {name}.", file);
    }

    private static async Task Run(SqlDialect dialect, string prefix, DbConnection connection, string[] files, CancellationToken cancellationToken)
    {
        await using (connection)
        {
            await connection.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var file in files)
            {
                var text = await File.ReadAllTextAsync(file, cancellationToken);
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = text.Replace(ScriptWriter.Prefix, prefix, StringComparison.Ordinal).Replace(ScriptWriter.Schema, dialect.Sql.DefaultSchema, StringComparison.Ordinal);
                // As the scripts of NServiceBus.Persistence.Sql take them.
                if (text.Contains("@tablePrefix", StringComparison.Ordinal)) DialectSql.Add(command, "tablePrefix", prefix);
                if (text.Contains("@schema", StringComparison.Ordinal)) DialectSql.Add(command, "schema", dialect.Sql.DefaultSchema);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }
}
