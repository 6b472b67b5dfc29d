namespace Bank.Hub.Tests.Projections;

public sealed class SqliteProjectionTests() : ProjectionBehaviour(new SqliteViews());

public sealed class PostgresProjectionTests() : ProjectionBehaviour(new PostgresViews())
{
    [SkippableFact]
    public async Task Events_that_are_handled_at_the_same_time_are_written_in_few_transactions()
    {
        var process = await Started();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(version => process.Handle(new Counted("busy", version, version))));
        Assert.Equal(200, await Views.Number("SELECT COUNT(*) FROM step"));
        // The server notes with each row which transaction wrote it.
        Assert.InRange(await Views.Number("SELECT COUNT(DISTINCT xmin::text) FROM step__1"), 1, 50);
    }
}

public sealed class SqliteVersionTests() : VersionBehaviour(new SqliteViews());

public sealed class PostgresVersionTests() : VersionBehaviour(new PostgresViews());
