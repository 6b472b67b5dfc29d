using System.Data.Common;
using Bank.Hub.Projections;
using Bank.Hub.Replays;
using Bank.Hub.Tests.Projections;
using Bank.Hub.Tests.Replays;
using Bank.Testing.Servers;
using Microsoft.Data.SqlClient;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Bank.Hub.Tests;

public sealed class SqlServerHubStorageTests : HubStorageBehaviour
{
    protected override async Task<IHubStorage> Open() => SqlHubStorage.OnSqlServer(await SqlServer.Connector());

    protected override Task Pass(TimeSpan time) => Task.Delay(time);
}

public sealed class SqlServerReplayStorageTests : ReplayStorageBehaviour
{
    protected override async Task<IReplayStorage> Open() => SqlReplayStorage.OnSqlServer(await SqlServer.Connector());
}

/// <summary>The statements in which SQL Server differs, read by Microsoft's own parser.</summary>
public sealed class SqlServerStatementTests
{
    private static readonly IProjectionDialect Projections = new SqlServerProjections();

    // One of each rule.
    private static IEnumerable<ProjectionTable> Declared =>
    [
        .. new CounterProjection(1).Tables,
        new ProjectionTable<Counted>("known").Text("name", 50, counted => counted.Name).OptionalText("unit", 3, _ => null).OptionalNumber("greatest", counted => counted.Value)
            .Integer("kind", _ => 1).Key("name").FilledIn("greatest").Index("known_by_unit", "unit"),
    ];

    public static TheoryData<string> Statements =>
    [
        HubDialect.SqlServer.OneAtATime!, SqlHubStorage.CreateTable(HubDialect.SqlServer), SqlHubStorage.InsertPublisher(HubDialect.SqlServer), SqlHubStorage.Acquire(HubDialect.SqlServer),
        SqlReplayStorage.CreateTable(HubDialect.SqlServer), SqlReplayStorage.Insert(HubDialect.SqlServer),
        Projections.PrepareGate!, Projections.WriteGate!, Projections.ChangeGate!, Projections.SwapGate!, Projections.ReadGate!, Projections.CountTables, Projections.ReplaceView("counter", "counter__1"),
        Projections.Rename("counter", "counter__0"), SqlServerProjections.SelectSubjects, SqlServerProjections.InsertSubjects, SqlServerProjections.UpdateSubjects,
        $"SELECT replay_id FROM projection_replay{Projections.LockHint} WHERE replay_id = @replay{Projections.ForUpdate}",
        .. ProjectionRegistry.Tables(Projections).Select(table => Projections.CreateMissing(table.Table, table.Columns)),
        .. Declared.SelectMany(table => ProjectionTables.CreateStatements(table, 1, Projections).Append(SqlServerProjections.Merge(table, Generation.NameOf(table.Name, 1)))),
        $"UPDATE hub_publisher SET expires_ms = {HubDialect.SqlServer.Now} + @duration WHERE name = @name AND token = @token AND position <= @position",
    ];

    [Theory]
    [MemberData(nameof(Statements))]
    public void Every_statement_is_T_SQL(string statement)
    {
        new TSql130Parser(initialQuotedIdentifiers: true).Parse(new StringReader(statement), out var errors);
        Assert.True(errors.Count == 0, $"{string.Join("; ", errors.Select(error => error.Message))}\n{statement}");
    }
}

internal static class SqlServer
{
    /// <summary>What opens connections to a database of its own; skips the test where there is no server.</summary>
    public static async Task<Func<CancellationToken, ValueTask<DbConnection>>> Connector()
    {
        var connectionString = await SqlServerTestDatabase.Create();
        Skip.If(connectionString.Length == 0, SqlServerTestDatabase.WhyMissing);
        return async token =>
        {
            var connection = new SqlConnection(connectionString);
            await connection.OpenAsync(token);
            return connection;
        };
    }
}
