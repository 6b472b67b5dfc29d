using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>Scripts are written for an assembly and run by whoever deploys.</summary>
public sealed class ScriptTests(PostgreSqlDatabase database) : IClassFixture<PostgreSqlDatabase>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("scripts-").FullName;

    [Fact]
    public void Only_what_the_attribute_asks_for_is_written()
    {
        ScriptWriter.Write(new SqlPersistenceSettingsAttribute { PostgreSqlScripts = true }, [typeof(OrderSaga)], folder);
        Assert.Equal(["PostgreSql"], Directory.GetDirectories(folder).Select(Path.GetFileName));
        Assert.Equal(["Outbox_Create.sql", "Outbox_Drop.sql"], Directory.GetFiles(Path.Combine(folder, "PostgreSql")).Select(Path.GetFileName).Order());
        Assert.Contains("OrderSaga_Create.sql", Directory.GetFiles(Path.Combine(folder, "PostgreSql", "Sagas")).Select(Path.GetFileName));
    }

    [SkippableFact]
    public async Task What_the_scripts_create_is_what_the_persistence_uses()
    {
        Skip.If(database.Missing is not null, database.Missing);
        ScriptWriter.Write(new SqlPersistenceSettingsAttribute(), [typeof(OrderSaga)], folder);
        for (var time = 0; time < 2; time++)
            await ScriptRunner.Install(new SqlDialect.PostgreSql(), "Script_", database.Connect, Path.Combine(folder, "PostgreSql"));
        await database.Install("Code_");
        Assert.Equal(await Columns("Code_OrderSaga"), await Columns("Script_OrderSaga"));
        Assert.Equal(await Columns("Code_OutboxData"), await Columns("Script_OutboxData"));
        var persistence = await database.Install("Script_");
        Assert.Null(await persistence.OutboxStorage!.Get("m1", new ContextBag()));
    }

    [Fact]
    public async Task A_prefix_with_quotes_and_a_folder_without_scripts_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ScriptRunner.Install(new SqlDialect.PostgreSql(), "a\"; drop", database.Connect, folder));
        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => ScriptRunner.Install(new SqlDialect.PostgreSql(), "a", database.Connect, folder));
        Assert.Contains("Outbox_Create.sql", missing.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<List<string>> Columns(string table) =>
        database.Ask($"select column_name, data_type, is_nullable from information_schema.columns where table_name = '{table}' order by ordinal_position");
}
