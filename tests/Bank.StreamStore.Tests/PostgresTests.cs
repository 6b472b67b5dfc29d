using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using Bank.Testing.Servers;
using Npgsql;

namespace Bank.StreamStore.Tests;

public class PostgresFixture : StoreFixture
{
    private string _schema = "";
    private PostgresStreamStoreSettings? _settings;

    public string ConnectionString { get; private set; } = "";

    public string Schema => _schema;

    internal virtual WritingAhead Ahead => new();

    public override async Task InitializeAsync() => ConnectionString = await TestDatabase.Create();

    public override Task Reset()
    {
        Skip.If(ConnectionString.Length == 0, TestDatabase.WhyMissing);
        _schema = "s" + Guid.NewGuid().ToString("N");
        return Task.CompletedTask;
    }

    public override async Task<IStreamStore> Open(GetUtcNow getUtcNow)
    {
        _settings = new PostgresStreamStoreSettings(ConnectionString)
        {
            Schema = _schema, GetUtcNow = getUtcNow, LookInterval = TimeSpan.FromMilliseconds(50), ScavengeAsynchronously = false, CreateStreamStoreNotifier = CreateNotifier, Ahead = Ahead,
        };
        var store = new PostgresStreamStore(_settings);
        await store.CreateSchemaIfNotExists();
        return store;
    }

    public override void DisableDeletionTracking() => _settings!.DisableDeletionTracking = true;
}

public sealed class PostgresAppendTests(PostgresFixture fixture) : AppendBehaviour(fixture), IClassFixture<PostgresFixture>
{
    [SkippableFact]
    public async Task An_append_that_the_database_refuses_fails_alone_however_many_travel_with_it()
    {
        // Valid JSON, but beyond the numbers of PostgreSQL.
        var appends = Enumerable.Range(1, 30).Select(i => i == 15
            ? Store.AppendToStream("bad", ExpectedVersion.NoStream, new NewStreamMessage(Guid.NewGuid(), "type", """{"number":1e999999}"""))
            : Store.AppendToStream($"stream-{i}", ExpectedVersion.NoStream, Messages(i))).ToArray();
        await Assert.ThrowsAsync<PostgresException>(() => Task.WhenAll(appends));
        Assert.Equal(29, appends.Count(append => append.IsCompletedSuccessfully));
        Assert.Equal(28, await Store.ReadHeadPosition());
    }
}

public sealed class PostgresReadTests(PostgresFixture fixture) : ReadBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresSubscriptionTests(PostgresFixture fixture) : SubscriptionBehaviour(fixture), IClassFixture<PostgresFixture>
{
    [SkippableFact]
    public async Task Another_process_is_told_without_having_to_look()
    {
        var postgres = (PostgresFixture)Fixture;
        var settings = new PostgresStreamStoreSettings(postgres.ConnectionString) { Schema = postgres.Schema, LookInterval = TimeSpan.FromMinutes(10) };
        using var other = new PostgresStreamStore(settings);
        var seen = 0;
        using var subscription = other.SubscribeToAll(null, (_, _, _) => Task.FromResult(Interlocked.Increment(ref seen)));
        for (var i = 1; i <= 3; i++)
        {
            await Store.AppendToStream("a", i == 1 ? ExpectedVersion.NoStream : i - 2, Messages(i));
            await Until(() => Volatile.Read(ref seen) == i, $"message {i}");
        }

        await Store.SetStreamMetadata("a", maxCount: 10);
        await Until(() => Volatile.Read(ref seen) == 4, "the metadata");
        await Store.DeleteMessage("a", Id(1));
        await Until(() => Volatile.Read(ref seen) == 5, "the note of the deletion");
    }

    [SkippableFact]
    public async Task After_the_listening_connection_was_killed_another_one_listens()
    {
        var postgres = (PostgresFixture)Fixture;
        var settings = new PostgresStreamStoreSettings(postgres.ConnectionString + ";Application Name=listener") { Schema = postgres.Schema, LookInterval = TimeSpan.FromMinutes(10) };
        using var other = new PostgresStreamStore(settings);
        var seen = 0;
        using var subscription = other.SubscribeToAll(null, (_, _, _) => Task.FromResult(Interlocked.Increment(ref seen)));
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await Until(() => Volatile.Read(ref seen) == 1, "the first message");
        await using (var connection = new NpgsqlConnection(postgres.ConnectionString))
        {
            await connection.OpenAsync();
            await using var kill = connection.CreateCommand();
            kill.CommandText = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'listener'";
            Assert.NotEqual(0L, await kill.ExecuteScalarAsync());
        }

        await Store.AppendToStream("a", 0, Messages(2));
        await Until(() => Volatile.Read(ref seen) == 2, "the second message");
    }
}

public sealed class PostgresModelTests(PostgresFixture fixture) : ModelBehaviour(fixture), IClassFixture<PostgresFixture>;

public abstract class PostgresConcurrencyBehaviour(PostgresFixture fixture) : ConcurrencyBehaviour(fixture)
{
    [SkippableFact]
    public async Task A_process_that_freezes_in_the_middle_of_an_append_does_not_stop_the_others_for_long()
    {
        var postgres = (PostgresFixture)Fixture;
        // Not of the pool, whose connections other tests kill.
        await using var frozen = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await frozen.OpenAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await using var locked = frozen.CreateCommand();
        locked.CommandText = PostgresSql.For(postgres.Schema).LockHead;
        Assert.Equal(-1L, await locked.ExecuteScalarAsync());

        var append = Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        Assert.NotSame(append, await Task.WhenAny(append, Task.Delay(500)));
        Assert.Equal(0, (await append.WaitAsync(TimeSpan.FromSeconds(20))).CurrentPosition);
    }

    [SkippableFact]
    public async Task Appends_survive_connections_that_are_killed_and_happen_once()
    {
        using var over = new CancellationTokenSource();
        var follower = await Open();
        var seen = new System.Collections.Concurrent.ConcurrentQueue<long>();
        using var subscription = follower.SubscribeToAll(null, (_, message, _) =>
        {
            seen.Enqueue(message.Position);
            return Task.CompletedTask;
        });

        var appended = 0;
        var killer = Task.Run(() => KillConnections(() => Volatile.Read(ref appended), over.Token));
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await Store.AppendToStream($"stream-{writer}", i == 0 ? ExpectedVersion.NoStream : i - 1, Messages(i + 1));
                    Interlocked.Increment(ref appended);
                }
            })));
        }
        finally
        {
            await over.CancelAsync();
            Assert.True(await killer > 0, "No connection was killed, so nothing was tried.");
        }

        await Until(() => seen.Count >= 400, "400 messages");
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), seen);
        var fresh = await Open();
        for (var writer = 0; writer < 4; writer++) Assert.Equal(99, await fresh.ReadStreamHeadVersion($"stream-{writer}"));
    }

    [SkippableFact]
    public async Task Deletions_and_metadata_survive_connections_that_are_killed_and_happen_once()
    {
        const int Rounds = 25;
        using var over = new CancellationTokenSource();
        var done = 0;
        var killer = Task.Run(() => KillConnections(() => Volatile.Read(ref done), over.Token));
        try
        {
            // One after the other: each is killed at most once, and must then succeed.
            for (var i = 0; i < Rounds; i++)
            {
                await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2));
                Interlocked.Increment(ref done);
                await Store.SetStreamMetadata("stream-1", ExpectedVersion.NoStream, metadataJson: $"{i}");
                Interlocked.Increment(ref done);
                await Store.DeleteMessage("stream-1", Id(2));
                Interlocked.Increment(ref done);
                await Store.DeleteStream("stream-1", 0);
                Interlocked.Increment(ref done);
            }
        }
        finally
        {
            await over.CancelAsync();
            Assert.True(await killer > 0, "No connection was killed, so nothing was tried.");
        }

        var fresh = await Open();
        Assert.Equal([Deleted.DeletedStreamId], (await fresh.ListStreams()).StreamIds);
        var notes = (await fresh.ReadStreamForwards(Deleted.DeletedStreamId, 0, 1000)).Messages;
        Assert.Equal((Rounds, 2 * Rounds), (notes.Count(note => note.Type == Deleted.MessageDeletedMessageType), notes.Count(note => note.Type == Deleted.StreamDeletedMessageType)));
        Assert.Equal(Rounds * 3 + notes.Length - 1, await fresh.ReadHeadPosition());
    }

    /// <summary>Kills whenever something was appended since the last time: a machine too slow to connect between two kills would prove nothing.</summary>
    private async Task<int> KillConnections(Func<int> appended, CancellationToken over)
    {
        var text = new NpgsqlConnectionStringBuilder(((PostgresFixture)Fixture).ConnectionString) { Pooling = false }.ToString();
        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync(CancellationToken.None);
        var killed = 0;
        while (!over.IsCancellationRequested)
        {
            await using var kill = connection.CreateCommand();
            kill.CommandText = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
            var before = appended();
            killed += Convert.ToInt32(await kill.ExecuteScalarAsync(CancellationToken.None));
            do await Task.Delay(20, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (appended() == before && !over.IsCancellationRequested);
        }

        return killed;
    }
}

public sealed class PostgresConcurrencyTests(PostgresFixture fixture) : PostgresConcurrencyBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresDeleteStreamTests(PostgresFixture fixture) : DeleteStreamBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresDeleteMessageTests(PostgresFixture fixture) : DeleteMessageBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresMetadataTests(PostgresFixture fixture) : MetadataBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresLimitsTests(PostgresFixture fixture) : LimitsBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresListStreamsTests(PostgresFixture fixture) : ListStreamsBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresStreamSubscriptionTests(PostgresFixture fixture) : StreamSubscriptionBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresNotifierTests(PostgresFixture fixture) : NotifierBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresDisposalTests(PostgresFixture fixture) : DisposalBehaviour(fixture), IClassFixture<PostgresFixture>;
