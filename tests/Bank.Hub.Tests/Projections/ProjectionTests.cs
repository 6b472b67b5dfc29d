using Bank.Hub.Projections;

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

    [SkippableFact]
    public async Task Writers_that_meet_at_several_subjects_never_wait_for_each_other_in_a_circle()
    {
        await Start();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(Write));
        Assert.Equal(40 * 6, await Views.Number("SELECT COUNT(*) FROM projection_subject"));

        // All at about the same time at the same subjects, some of which are new.
        async Task Write(int writer)
        {
            var random = new Random(writer);
            for (var round = 0; round < 40; round++)
            {
                for (var turn = 0; turn < 6; turn++)
                {
                    SubjectKey[] keys = [.. Enumerable.Range(0, 6).Where(number => turn == 5 || random.Next(2) == 0).Select(number => new SubjectKey("counters", 1, $"{round}-{number}"))];
                    var known = await Database.Within(null, transaction => Database.Dialect.ReadSubjects(transaction, keys, CancellationToken.None), CancellationToken.None);
                    Assert.Equal(keys.ToHashSet(), known.Keys.ToHashSet());
                }
            }
        }
    }
}

public sealed class SqlServerProjectionTests() : ProjectionBehaviour(new SqlServerViews());

public sealed class SqliteVersionTests() : VersionBehaviour(new SqliteViews());

public sealed class PostgresVersionTests() : VersionBehaviour(new PostgresViews());

public sealed class SqlServerVersionTests() : VersionBehaviour(new SqlServerViews());

public sealed class SqliteRefusalTests() : RefusalBehaviour(new SqliteViews());

public sealed class PostgresRefusalTests() : RefusalBehaviour(new PostgresViews());

public sealed class SqlServerRefusalTests() : RefusalBehaviour(new SqlServerViews());
