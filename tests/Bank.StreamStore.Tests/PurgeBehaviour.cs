using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>What is deleted for its age, at the time of the deletion and not of the read that found it.</summary>
public abstract class PurgeBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private protected abstract RetentionText Statements { get; }

    [SkippableFact]
    public async Task What_was_found_too_old_is_deleted_only_if_it_still_is()
    {
        foreach (var stream in (string[])["a", "b"]) await Store.AppendToStream(stream, ExpectedVersion.NoStream, Messages(1));
        var first = Now;
        Now += TimeSpan.FromSeconds(50);
        foreach (var stream in (string[])["a", "b"]) await Store.AppendToStream(stream, 0, Messages(2));
        foreach (var stream in (string[])["a", "b"]) await Store.SetStreamMetadata(stream, maxAge: 100);
        var retention = new Retention((SqlStreamStoreBase)Store, Statements);

        await retention.PurgeExpired("missing", [Id(1)], first.AddSeconds(200), CancellationToken.None);
        await retention.PurgeExpired("a", [Id(1), Id(2)], first.AddSeconds(99), CancellationToken.None);
        Assert.Equal([0, 1], await Versions("a"));
        await retention.PurgeExpired("a", [Id(2)], first.AddSeconds(100), CancellationToken.None);
        Assert.Equal([0, 1], await Versions("a"));
        await retention.PurgeExpired("a", [Id(1), Id(2)], first.AddSeconds(100), CancellationToken.None);
        Assert.Equal([1], await Versions("a"));
        Assert.Equal(Deleted.MessageDeletedMessageType, Assert.Single((await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 10)).Messages).Type);

        await Store.SetStreamMetadata("a");
        await Store.SetStreamMetadata("b", maxAge: 0);
        foreach (var stream in (string[])["a", "b"]) await retention.PurgeExpired(stream, [Id(1), Id(2)], first.AddSeconds(1000), CancellationToken.None);
        Assert.Equal([1], await Versions("a"));
        Assert.Equal([0, 1], await Versions("b"));
    }

    private async Task<IEnumerable<int>> Versions(string stream) => (await Store.ReadStreamForwards(stream, 0, 10)).Messages.Select(message => message.StreamVersion);
}

public sealed class SqlitePurgeTests(SqliteFixture fixture) : PurgeBehaviour(fixture), IClassFixture<SqliteFixture>
{
    private protected override RetentionText Statements => SqliteSql.Text.Retention;
}

public sealed class PostgresPurgeTests(PostgresFixture fixture) : PurgeBehaviour(fixture), IClassFixture<PostgresFixture>
{
    private protected override RetentionText Statements => PostgresSql.For(((PostgresFixture)Fixture).Schema).Retention;
}

public sealed class MsSqlPurgeTests(MsSqlFixture fixture) : PurgeBehaviour(fixture), IClassFixture<MsSqlFixture>
{
    private protected override RetentionText Statements => MsSqlSql.For(((MsSqlFixture)Fixture).Schema).Retention;
}
