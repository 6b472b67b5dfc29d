using System.Data.Common;
using Bank.Hub.Replays;
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
    public static TheoryData<string> Statements =>
    [
        HubDialect.SqlServer.OneAtATime!, SqlHubStorage.CreateTable(HubDialect.SqlServer), SqlHubStorage.InsertPublisher(HubDialect.SqlServer), SqlHubStorage.Acquire(HubDialect.SqlServer),
        SqlReplayStorage.CreateTable(HubDialect.SqlServer), SqlReplayStorage.Insert(HubDialect.SqlServer),
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
