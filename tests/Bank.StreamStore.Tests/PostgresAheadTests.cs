using System.Collections.Concurrent;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using CsCheck;
using Npgsql;

namespace Bank.StreamStore.Tests;

/// <summary>Stores that write groups ahead of one another as soon as two appends wait.</summary>
public sealed class PostgresAheadFixture : PostgresFixture
{
    internal override WritingAhead Ahead => new(FewestAppends: 1, FewestInOrder: 1);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        if (ConnectionString.Length > 0) await Ask($"ALTER DATABASE {new NpgsqlConnectionStringBuilder(ConnectionString).Database} SET track_functions = 'pl'");
    }

    /// <summary>How many groups were written ahead in the schema, as far as the server has counted them.</summary>
    public async Task<long> GroupsAhead() =>
        await Ask($"SELECT COALESCE(SUM(calls), 0)::bigint FROM pg_stat_user_functions WHERE schemaname = '{Schema}' AND funcname = 'end_ahead_1'") as long? ?? 0;

    public async Task<object?> Ask(string text)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        return await command.ExecuteScalarAsync();
    }
}

public sealed class PostgresAheadAppendTests(PostgresAheadFixture fixture) : AppendBehaviour(fixture), IClassFixture<PostgresAheadFixture>;

public sealed class PostgresAheadConcurrencyTests(PostgresAheadFixture fixture) : PostgresConcurrencyBehaviour(fixture), IClassFixture<PostgresAheadFixture>;

/// <summary>Most appends are right, so most groups are written ahead; some are not, and take the group after them along.</summary>
public sealed class PostgresAheadModelTests(PostgresAheadFixture fixture) : ConcurrentModelBehaviour(fixture), IClassFixture<PostgresAheadFixture>
{
    protected override Gen<int> Expected => Gen.Frequency((30, Gen.Const(0)), (1, Gen.Int[-1, 4]));

    protected override bool HasOwnStreams => true;

    protected override int MostWriters => 24;

    protected override int Stores => 1;
}

/// <summary>The same while a second store writes, which cannot know where the groups of the first begin.</summary>
public sealed class PostgresAheadOfOthersModelTests(PostgresAheadFixture fixture) : ConcurrentModelBehaviour(fixture), IClassFixture<PostgresAheadFixture>
{
    protected override Gen<int> Expected => Gen.Frequency((30, Gen.Const(0)), (1, Gen.Int[-1, 4]));

    protected override bool HasOwnStreams => true;

    protected override int MostWriters => 24;
}

/// <summary>Groups written while the one before them is under way.</summary>
public sealed class PostgresAheadTests(PostgresAheadFixture fixture) : StoreBehaviour(fixture), IClassFixture<PostgresAheadFixture>
{
    private const int Writers = 24;
    private const int Rounds = 40;

    private PostgresAheadFixture Postgres => (PostgresAheadFixture)Fixture;

    [SkippableFact]
    public async Task Followers_see_no_gap_and_each_append_is_told_its_own_position()
    {
        var seen = await Follow();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(Store, writer))));
        await AssertWhole(seen);
        Store.Dispose();
        await Until(() => Postgres.GroupsAhead().Result > 0, "a group that was written ahead");
    }

    [SkippableFact]
    public async Task Deletions_and_other_stores_come_in_between()
    {
        var seen = await Follow();
        var other = await Open();
        var others = 0;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(Store, writer))));
        for (; !writing.IsCompleted; others++)
        {
            await other.AppendToStream("other", ExpectedVersion.NoStream, Messages(1, 2));
            await other.SetStreamMetadata("other", metadataJson: "{}");
            await other.DeleteStream("other");
        }

        await writing;
        await AssertWhole(seen);
        Assert.True(others > 1, "Nobody else came in between, so nothing was tried.");
        Assert.Equal(-1, await other.ReadStreamHeadVersion("other"));
    }

    [SkippableFact]
    public async Task A_program_that_knows_no_turns_comes_in_between()
    {
        await Store.AppendToStream("earlier", ExpectedVersion.NoStream, Messages(1));
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(Store, writer))));
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString);
        await connection.OpenAsync();
        var version = 0;
        while (!writing.IsCompleted)
        {
            version++;
            // As functions of earlier programs do: the head row first, and no lock besides.
            await using var transaction = await connection.BeginTransactionAsync();
            var position = (long)(await Execute($"UPDATE {Postgres.Schema}.all_stream_head SET position = position + 1 RETURNING position"))!;
            await Execute($"UPDATE {Postgres.Schema}.streams SET version = {version}, position = {position} WHERE id_original = 'earlier'");
            await Execute($$"""
                INSERT INTO {{Postgres.Schema}}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data)
                SELECT id_internal, {{version}}, {{position}}, gen_random_uuid(), now()::timestamp, 'type', '{}' FROM {{Postgres.Schema}}.streams WHERE id_original = 'earlier'
                """);
            await transaction.CommitAsync();
        }

        await writing;
        Assert.True(version > 1, "Nobody else came in between, so nothing was tried.");
        await AssertWhole(null);
        Assert.Equal(version, await Store.ReadStreamHeadVersion("earlier"));

        async Task<object?> Execute(string text)
        {
            await using var command = new NpgsqlCommand(text, connection);
            return await command.ExecuteScalarAsync();
        }
    }

    [SkippableFact]
    public async Task Answers_that_are_lost_are_asked_for_again()
    {
        var server = new NpgsqlConnectionStringBuilder(Postgres.ConnectionString);
        await using var proxy = new LosingProxy(server.Host!, server.Port);
        server.Host = "127.0.0.1";
        server.Port = proxy.Port;
        using var store = new PostgresStreamStore(new PostgresStreamStoreSettings(server.ToString()) { Schema = Postgres.Schema, Ahead = Postgres.Ahead });
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(store, writer))));
        while (!writing.IsCompleted)
        {
            var (head, lost) = (await Store.ReadHeadPosition(), proxy.Lost);
            proxy.LosesAnswers = true;
            await Until(() => proxy.Lost > lost || writing.IsCompleted, "an answer was lost");
            proxy.LosesAnswers = false;
            // It must get on between two losses.
            await Until(() => writing.IsCompleted || Store.ReadHeadPosition().Result > head + Writers, "appends went on");
        }

        await writing;
        Assert.True(proxy.Lost > 2, "No answer was lost, so nothing was tried.");
        await AssertWhole(null);
    }

    [SkippableFact]
    public async Task Where_there_is_no_second_connection_to_have_one_is_enough()
    {
        var opened = 0;
        var refused = 0;
        using var store = new PostgresStreamStore(new PostgresStreamStoreSettings(Postgres.ConnectionString)
        {
            Schema = Postgres.Schema,
            Ahead = Postgres.Ahead,
            ConnectionFactory = text =>
            {
                if (new NpgsqlConnectionStringBuilder(text).Pooling || Interlocked.Increment(ref opened) == 1) return new NpgsqlConnection(text);
                Interlocked.Increment(ref refused);
                throw new InvalidOperationException("There are no more connections.");
            },
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(store, writer))));
        await AssertWhole(null);
        Assert.True(refused > 0, "Nobody asked for a second connection, so nothing was tried.");
    }

    private async Task<ConcurrentQueue<long>> Follow()
    {
        var follower = await Open();
        var seen = new ConcurrentQueue<long>();
        var subscription = follower.SubscribeToAll(null, (_, message, _) =>
        {
            seen.Enqueue(message.Position);
            return Task.CompletedTask;
        });
        await subscription.Started;
        return seen;
    }

    private async Task Write(IStreamStore store, int writer)
    {
        var version = -1;
        for (var round = 0; round < Rounds; round++)
        {
            var count = 1 + (writer + round) % 3;
            var result = await store.AppendToStream($"stream-{writer}", version < 0 ? ExpectedVersion.NoStream : version, Messages([.. Enumerable.Range(version + 2, count)]));
            version += count;
            Assert.Equal(version, result.CurrentVersion);
            var last = await Store.ReadStreamBackwards($"stream-{writer}", StreamVersion.End, 1);
            Assert.Equal((version, result.CurrentPosition), (last.Messages[0].StreamVersion, last.Messages[0].Position));
            if ((writer + round) % 50 == 0)
                await Assert.ThrowsAsync<WrongExpectedVersionException>(() => store.AppendToStream($"stream-{writer}", version + 1, Messages(1_000_000)));
        }
    }

    /// <summary>Everything is there once, at positions without a gap, and was seen in their order.</summary>
    private async Task AssertWhole(ConcurrentQueue<long>? seen)
    {
        var fresh = await Open();
        for (var writer = 0; writer < Writers; writer++)
        {
            var messages = (await fresh.ReadStreamForwards($"stream-{writer}", 0, int.MaxValue)).Messages;
            Assert.Equal(Enumerable.Range(0, Enumerable.Range(0, Rounds).Sum(round => 1 + (writer + round) % 3)), messages.Select(message => message.StreamVersion));
            Assert.Equal(messages.Select(message => Id(message.StreamVersion + 1)), messages.Select(message => message.MessageId));
        }

        var head = await fresh.ReadHeadPosition();
        Assert.Equal(head, await Postgres.Ask($"SELECT position FROM {Postgres.Schema}.all_stream_head"));
        if (seen is null)
        {
            Assert.Equal(head + 1, await Postgres.Ask($"SELECT count(*) FROM {Postgres.Schema}.messages"));
            return;
        }

        await Until(() => seen.LastOrDefault(-1) >= head, $"position {head}");
        var positions = seen.ToArray();
        // What was deleted before it was seen is missing; nothing else may be, and nothing may come late.
        Assert.Equal(positions.Order().Distinct(), positions);
        var stored = new List<long>();
        await foreach (var message in fresh.ReadAllAhead(0)) stored.Add(message.Position);
        Assert.Empty(stored.Except(positions));
    }
}
