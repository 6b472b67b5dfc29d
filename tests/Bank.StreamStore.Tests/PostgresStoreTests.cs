using Bank.StreamStore.Streams;
using Npgsql;

namespace Bank.StreamStore.Tests;

/// <summary>What only the store in PostgreSQL has: its schema's version and end, its settings.</summary>
public sealed class PostgresStoreTests(PostgresFixture fixture) : StoreBehaviour(fixture), IClassFixture<PostgresFixture>
{
    private PostgresFixture Postgres => (PostgresFixture)Fixture;

    private PostgresStreamStore PostgresStore => (PostgresStreamStore)Store;

    [SkippableFact]
    public async Task The_version_of_the_schema_is_its_comment()
    {
        Assert.Equal("""{ "version": 1 }""", await Scalar($"SELECT obj_description('{Postgres.Schema}'::regnamespace, 'pg_namespace')"));
        var check = await PostgresStore.CheckSchema();
        Assert.Equal((1, PostgresStreamStore.CurrentVersion, true), (check.CurrentVersion, check.ExpectedVersion, check.IsMatch));
    }

    [SkippableTheory]
    [InlineData("enable_nestloop", "enable_hashjoin")]
    [InlineData("enable_nestloop", "enable_mergejoin")]
    [InlineData("enable_hashjoin", "enable_mergejoin")]
    public async Task All_is_read_in_order_whatever_way_of_joining_the_server_chooses(string one, string other)
    {
        for (var number = 0; number < 60; number++) await Store.AppendToStream($"stream-{number * 7 % 10}", ExpectedVersion.Any, new NewStreamMessage(Guid.NewGuid(), "t", "{}"));
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { Options = $"-c {one}=off -c {other}=off" };
        using var store = new PostgresStreamStore(new PostgresStreamStoreSettings(settings.ToString()) { Schema = Postgres.Schema });
        Assert.Equal(Enumerable.Range(0, 60).Select(position => (long)position), (await store.ReadAllForwards(0, 100)).Messages.Select(message => message.Position));
        Assert.Equal(Enumerable.Range(0, 60).Select(position => 59L - position), (await store.ReadAllBackwards(Position.End, 100)).Messages.Select(message => message.Position));
    }

    [SkippableFact]
    public async Task A_schema_of_another_version_is_refused_with_both_versions()
    {
        await Scalar($$"""COMMENT ON SCHEMA {{Postgres.Schema}} IS '{ "version": 7 }'""");
        Assert.Equal(7, (await PostgresStore.CheckSchema()).CurrentVersion);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresStore.CreateSchemaIfNotExists());
        Assert.Contains("has version 7", refusal.Message);
        Assert.Contains("expects version 1", refusal.Message);
        await Scalar($"COMMENT ON SCHEMA {Postgres.Schema} IS 'somebody else''s words'");
        Assert.Equal(0, (await PostgresStore.CheckSchema()).CurrentVersion);
        await PostgresStore.CreateSchemaIfNotExists();
        Assert.True((await PostgresStore.CheckSchema()).IsMatch);
    }

    [SkippableFact]
    public async Task Everything_of_the_store_can_be_dropped_and_made_again_by_the_script()
    {
        await Scalar($"CREATE FUNCTION {Postgres.Schema}.read_head_position() RETURNS BIGINT LANGUAGE sql AS 'SELECT 1::bigint'");
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await PostgresStore.DropAll();
        Assert.Equal(0L, await Scalar($"""
            SELECT (SELECT COUNT(*) FROM pg_class WHERE relnamespace = '{Postgres.Schema}'::regnamespace) + (SELECT COUNT(*) FROM pg_proc WHERE pronamespace = '{Postgres.Schema}'::regnamespace)
            """));
        Assert.Equal(0, (await PostgresStore.CheckSchema()).CurrentVersion);
        await PostgresStore.DropAll();

        await Scalar(PostgresStore.GetSchemaCreationScript());
        Assert.True((await PostgresStore.CheckSchema()).IsMatch);
        Assert.Equal(0, (await (await Open()).AppendToStream("a", ExpectedVersion.NoStream, Messages(1))).CurrentPosition);
    }

    [SkippableFact]
    public async Task An_append_finds_its_stream_though_another_one_took_its_place_in_the_table()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await Store.AppendToStream("a", 0, Messages(2, 3));
        var place = await Scalar($"SELECT id_internal FROM {Postgres.Schema}.streams WHERE id_original = 'a'");
        var other = await Open();
        await other.DeleteStream("a");
        // As in a database that was restored to an earlier time.
        await Scalar($"SELECT setval('{Postgres.Schema}.streams_seq', {place}, false)");
        await other.AppendToStream("b", ExpectedVersion.NoStream, Messages(11, 12, 13));
        Assert.Equal(place, await Scalar($"SELECT id_internal FROM {Postgres.Schema}.streams WHERE id_original = 'b'"));
        await Scalar($"SELECT setval('{Postgres.Schema}.streams_seq', {place} + 100)");
        await other.AppendToStream("a", ExpectedVersion.NoStream, Messages(21, 22, 23));

        Assert.Equal(4, (await Store.AppendToStream("a", 2, Messages(24, 25))).CurrentVersion);
        Assert.Equal([Id(21), Id(22), Id(23), Id(24), Id(25)], (await Store.ReadStreamForwards("a", 0, 10)).Messages.Select(message => message.MessageId));
        Assert.Equal(2, await Store.ReadStreamHeadVersion("b"));
    }

    [SkippableFact]
    public async Task A_store_whose_schema_is_not_there_says_version_0_and_can_be_dropped()
    {
        using var other = new PostgresStreamStore(new PostgresStreamStoreSettings(Postgres.ConnectionString) { Schema = "missing_schema" });
        Assert.Equal(0, (await other.CheckSchema()).CurrentVersion);
        await other.DropAll();
    }

    [SkippableFact]
    public async Task Connections_come_from_the_factory()
    {
        var made = 0;
        var settings = new PostgresStreamStoreSettings(Postgres.ConnectionString)
        {
            Schema = Postgres.Schema,
            ExplainAnalyze = true,
            ConnectionFactory = text =>
            {
                Interlocked.Increment(ref made);
                return new NpgsqlConnection(text);
            },
        };
        using var store = new PostgresStreamStore(settings);
        await store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await store.DeleteMessage("a", Id(1));
        Assert.Equal(1, await store.ReadHeadPosition());
        Assert.True(made >= 2);
    }

    [SkippableFact]
    public async Task What_is_beyond_the_limit_is_deleted_in_the_background_unless_told_otherwise()
    {
        using var store = new PostgresStreamStore(new PostgresStreamStoreSettings(Postgres.ConnectionString) { Schema = Postgres.Schema });
        await store.SetStreamMetadata("a", maxCount: 2);
        for (var i = 1; i <= 10; i++) await store.AppendToStream("a", ExpectedVersion.Any, Messages(i, i + 100));
        var held = 0;
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while ((held = (await store.ReadStreamForwards("a", 0, 100)).Messages.Length) != 2) Assert.True(DateTime.UtcNow < deadline, $"{held} messages are held");
        Assert.Equal(18, (await store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 100)).Messages.Length);
    }

    [SkippableFact]
    public async Task Notes_of_deletions_heed_the_positions_that_SqlStreamStore_has_drawn()
    {
        await Scalar($"CREATE FUNCTION {Postgres.Schema}.append_to_stream() RETURNS BIGINT LANGUAGE sql AS 'SELECT 1::bigint'");
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2));
        await Scalar($"SELECT setval('{Postgres.Schema}.messages_seq', 41)");
        await Store.DeleteMessage("a", Id(1));
        Assert.Equal(42, await Store.ReadHeadPosition());
        Assert.Equal(43L, await Scalar($"SELECT nextval('{Postgres.Schema}.messages_seq')"));
        await Store.DeleteMessage("a", Id(2));
        Assert.Equal(44, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task Appends_heed_the_positions_that_SqlStreamStore_has_drawn()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await Store.AppendToStream("a", 0, Messages(2));
        await Scalar($"CREATE FUNCTION {Postgres.Schema}.append_to_stream() RETURNS BIGINT LANGUAGE sql AS 'SELECT 1::bigint'");
        await Scalar($"SELECT setval('{Postgres.Schema}.messages_seq', 41)");
        Assert.Equal(42, (await Store.AppendToStream("a", 1, Messages(3))).CurrentPosition);
        Assert.Equal(44, (await Store.AppendToStream("a", 2, Messages(4, 5))).CurrentPosition);
        // One that has not been told otherwise tries the usual way first.
        await Scalar($"SELECT setval('{Postgres.Schema}.messages_seq', 51)");
        Assert.Equal(53, (await (await Open()).AppendToStream("a", 4, Messages(6, 7))).CurrentPosition);
        Assert.Equal(54L, await Scalar($"SELECT nextval('{Postgres.Schema}.messages_seq')"));
    }

    [SkippableFact]
    public async Task What_is_not_as_expected_leaves_no_gap_alone_or_among_others()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(stream => Store.AppendToStream($"s{stream}", ExpectedVersion.NoStream, Messages(1))));
        await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Store.AppendToStream("s0", 7, Messages(2)));
        // The id is there already: a repetition of what followed version -1, and nothing that follows version 0.
        await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Store.AppendToStream("s0", 0, Messages(1)));
        // After what was otherwise than expected the store looks closer for a while; not for ever, so the rounds below meet both ways.
        for (var round = 0; round < 30; round++)
        {
            var version = round;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async stream =>
            {
                try
                {
                    return (await Store.AppendToStream($"s{stream}", stream == version % 20 ? version + 1 : version, Messages(100 + version))).CurrentVersion;
                }
                catch (WrongExpectedVersionException)
                {
                    return -1;
                }
            }));
            Assert.Equal(Enumerable.Range(0, 20).Select(stream => stream == version % 20 ? -1 : version + 1), outcomes);
            Assert.Equal(version + 1, (await Store.AppendToStream($"s{version % 20}", version, Messages(100 + version))).CurrentVersion);
        }

        var all = await Store.ReadAllForwards(0, 1000);
        Assert.Equal(Enumerable.Range(0, 20 + (30 * 20)).Select(position => (long)position), all.Messages.Select(message => message.Position));
        Assert.Equal(all.Messages[^1].Position, await Store.ReadHeadPosition());
        Assert.Equal(all.Messages[^1].Position + 1, await Scalar($"SELECT nextval('{Postgres.Schema}.messages_seq')"));
    }

    [SkippableFact]
    public async Task The_usual_append_is_told_the_limit_of_its_stream()
    {
        await Store.SetStreamMetadata("a", maxCount: 2);
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        for (var version = 0; version < 5; version++) await Store.AppendToStream("a", version, Messages(version + 2));
        await Store.AppendToStream("a", 5, Messages(10, 11, 12));
        Assert.Equal([7, 8], (await Store.ReadStreamForwards("a", 0, 100)).Messages.Select(message => message.StreamVersion));
    }

    private async Task<object?> Scalar(string text)
    {
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return await command.ExecuteScalarAsync();
    }
}
