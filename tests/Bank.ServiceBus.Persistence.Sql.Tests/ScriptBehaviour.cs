using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>Scripts are written for an assembly and run by whoever deploys.</summary>
public abstract class ScriptBehaviour<TDatabase>(TDatabase database, SqlDialect dialect) : IClassFixture<TDatabase>, IDisposable where TDatabase : Database
{
    private readonly string folder = Directory.CreateTempSubdirectory("scripts-").FullName;

    protected TDatabase Database { get; } = database;

    /// <summary>Asks for scripts of this dialect alone.</summary>
    protected abstract SqlPersistenceSettingsAttribute Only { get; }

    [Fact]
    public void Only_what_the_attribute_asks_for_is_written()
    {
        ScriptWriter.Write(Only, [typeof(OrderSaga)], folder);
        Assert.Equal([dialect.ToString()], Directory.GetDirectories(folder).Select(Path.GetFileName));
        Assert.Equal(["Outbox_Create.sql", "Outbox_Drop.sql"], Directory.GetFiles(Path.Combine(folder, dialect.ToString())).Select(Path.GetFileName).Order());
        Assert.Contains("OrderSaga_Create.sql", Directory.GetFiles(Path.Combine(folder, dialect.ToString(), "Sagas")).Select(Path.GetFileName));
    }

    [SkippableFact]
    public async Task What_the_scripts_create_is_what_the_persistence_uses()
    {
        Skip.If(Database.Missing is not null, Database.Missing);
        ScriptWriter.Write(new SqlPersistenceSettingsAttribute(), [typeof(OrderSaga)], folder);
        for (var time = 0; time < 2; time++)
            await ScriptRunner.Install(dialect, "Script_", Database.Connect, Path.Combine(folder, dialect.ToString()));
        await Database.Install("Code_");
        Assert.Equal(await Columns("Code_OrderSaga"), await Columns("Script_OrderSaga"));
        Assert.Equal(await Columns("Code_OutboxData"), await Columns("Script_OutboxData"));
        var persistence = await Database.Install("Script_");
        Assert.Null(await persistence.OutboxStorage!.Get("m1", new ContextBag()));
    }

    [Fact]
    public async Task A_prefix_with_quotes_and_a_folder_without_scripts_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ScriptRunner.Install(dialect, "a\"; drop", Database.Connect, folder));
        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => ScriptRunner.Install(dialect, "a", Database.Connect, folder));
        Assert.Contains("Outbox_Create.sql", missing.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>The scripts whose names end in this way.</summary>
    protected IEnumerable<string> Write(string ending) =>
        ScriptWriter.Write(Only, [typeof(OrderSaga)], folder).Where(file => file.EndsWith(ending, StringComparison.Ordinal));

    protected Task<List<string>> Columns(string table) =>
        Database.Ask($"select column_name, data_type, is_nullable from information_schema.columns where table_name = '{table}' order by ordinal_position");
}

public sealed class PostgreSqlScriptTests(PostgreSqlDatabase database) : ScriptBehaviour<PostgreSqlDatabase>(database, new SqlDialect.PostgreSql())
{
    protected override SqlPersistenceSettingsAttribute Only => new() { PostgreSqlScripts = true };
}

public sealed class MsSqlServerScriptTests(MsSqlServerDatabase database) : ScriptBehaviour<MsSqlServerDatabase>(database, new SqlDialect.MsSqlServer())
{
    protected override SqlPersistenceSettingsAttribute Only => new() { MsSqlServerScripts = true };

    [SkippableFact]
    public async Task What_sqlcmd_runs_without_quoted_identifiers_and_without_a_transaction_creates_the_same_and_drops_it()
    {
        Skip.If(Database.Missing is not null, Database.Missing);
        await Database.Install("Code_");
        await using var connection = Database.Connect();
        await connection.OpenAsync();
        foreach (var file in Write("_Create.sql")) await Run(file);
        Assert.Equal(await Columns("Code_OrderSaga"), await Columns("Sqlcmd_OrderSaga"));
        Assert.Equal(await Columns("Code_OutboxData"), await Columns("Sqlcmd_OutboxData"));
        foreach (var file in Write("_Drop.sql")) await Run(file);
        Assert.Empty(await Columns("Sqlcmd_OrderSaga"));
        Assert.Empty(await Columns("Sqlcmd_OutboxData"));

        async Task Run(string file)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "set quoted_identifier off";
            await command.ExecuteNonQueryAsync();
            command.CommandText = (await File.ReadAllTextAsync(file)).Replace("$(tablePrefix)", "Sqlcmd_", StringComparison.Ordinal).Replace("$(schema)", "dbo", StringComparison.Ordinal);
            await command.ExecuteNonQueryAsync();
        }
    }
}
