using System.Net;
using Bank.Hosting;
using Bank.Testing.Servers;

namespace Bank.Projections.Tests.Http;

public sealed class UpgradeOnSqlite() : UpgradeBehaviour(DatabaseKind.Sqlite);

public sealed class UpgradeOnPostgreSql() : UpgradeBehaviour(DatabaseKind.PostgreSql);

/// <summary>What readers get while tables with other columns answer, because the program's own are still being filled.</summary>
public abstract class UpgradeBehaviour(DatabaseKind kind) : IAsyncLifetime
{
    private EndpointDatabase? database;
    private ProjectionsApp? app;

    public async Task InitializeAsync()
    {
        database = await EndpointDatabase.Create(kind);
        if (database is not null) app = new ProjectionsApp(database);
    }

    public async Task DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_question_that_does_not_fit_them_is_to_be_asked_again_later()
    {
        Skip.If(app is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        await Execute("CREATE TABLE account_balance (id VARCHAR(64) NOT NULL PRIMARY KEY, amount BIGINT NOT NULL)");

        using var refused = await app.CreateClient().GetAsync("/accounts");
        var problem = await app.Problem(HttpStatusCode.ServiceUnavailable, "/accounts/alice");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal("Being filled anew", problem.GetProperty("title").GetString());
        Assert.Equal("Version 0 of balances answers as yet; the question fits version 1, which is to be filled first: see /projections/balances.", problem.GetProperty("detail").GetString());
        Assert.Equal("Rebuilding", (await app.Get("/projections/balances")).GetProperty("state").GetString());
        Assert.Equal(0, (await app.Get("/transfers")).GetProperty("transfers").GetArrayLength());
    }

    private async Task Execute(string sql)
    {
        await using var connection = await ProjectionsApp.DatabaseIn(database!).OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
