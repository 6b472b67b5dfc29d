using System.Net;
using System.Text.Json;
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
        Assert.Equal("Another version answers", problem.GetProperty("title").GetString());
        Assert.Equal("Version 0 of balances answers as yet; the question fits version 1, which is to be filled first: see /projections/balances.", problem.GetProperty("detail").GetString());
        Assert.Equal("Rebuilding", (await app.Get("/projections/balances")).GetProperty("state").GetString());
        Assert.Equal(0, (await app.Get("/transfers")).GetProperty("transfers").GetArrayLength());
    }

    [SkippableFact]
    public async Task An_older_program_says_that_a_newer_one_is_to_be_asked()
    {
        Skip.If(app is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        await app.Get("/projections/balances");
        await Execute("UPDATE projection_generation SET version = 2 WHERE projection = 'balances'");
        await Execute("DROP VIEW account_balance");
        await Execute("CREATE TABLE account_balance (id VARCHAR(64) NOT NULL PRIMARY KEY, amount BIGINT NOT NULL)");

        var problem = await app.Problem(HttpStatusCode.ServiceUnavailable, "/accounts/alice");

        Assert.Equal("A newer program has made version 2 of balances; the question fits version 1. Ask the newer one.", problem.GetProperty("detail").GetString());
    }

    [SkippableFact]
    public async Task A_value_that_is_null_in_tables_of_another_version_alone_is_such_a_question_too()
    {
        Skip.If(app is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        await app.Get("/projections/balances");
        await Execute("UPDATE projection_generation SET version = 2 WHERE projection = 'balances'");
        foreach (var view in new[] { "account", "account_balance" }) await Execute($"DROP VIEW {view}");
        await Execute("CREATE TABLE account (account_id VARCHAR(64) NOT NULL PRIMARY KEY, opened_at BIGINT, closed_at BIGINT, overdraft_limit BIGINT)");
        await Execute("CREATE TABLE account_balance (account_id VARCHAR(64) NOT NULL PRIMARY KEY, currency VARCHAR(3), balance BIGINT, available BIGINT, version BIGINT, changed_at BIGINT)");
        await Execute("INSERT INTO account VALUES ('alice', 1, NULL, 0)");
        await Execute("INSERT INTO account_balance VALUES ('alice', NULL, 0, 0, 0, 1)");

        var problem = await app.Problem(HttpStatusCode.ServiceUnavailable, "/accounts/alice");

        Assert.Equal("Another version answers", problem.GetProperty("title").GetString());
    }

    [SkippableTheory]
    [InlineData("/projections/rebuild")]
    [InlineData("/projections/balances/rebuild")]
    [InlineData("/projections/balances/rebuild?restart=true")]
    public async Task Tables_of_a_newer_program_are_not_built_anew_by_an_older_one(string path)
    {
        Skip.If(app is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        await app.Get("/projections/balances");
        await Execute("UPDATE projection_generation SET version = 2 WHERE projection = 'balances'");

        using var refused = await app.CreateClient().PostAsync(path, null);

        Assert.Equal((HttpStatusCode.Conflict, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("A newer program has made version 2 of balances; this one makes version 1. Ask the newer one.", problem.GetProperty("detail").GetString());
    }

    private async Task Execute(string sql)
    {
        await using var connection = await ProjectionsApp.DatabaseIn(database!).OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
