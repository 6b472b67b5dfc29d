using System.Data;
using System.Data.Common;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Bank.StreamStore;

/// <summary>A store in PostgreSQL, in the tables of SqlStreamStore. Followers hear of appends by other processes through LISTEN and NOTIFY.</summary>
public class PostgresStreamStore : SqlStreamStoreBase
{
    /// <summary>The version of the schema that this store needs.</summary>
    public const int CurrentVersion = 1;

    // That of a schema in which messages are archived, which those who know nothing of that must not work with.
    private const int ArchivedVersion = 2;

    private const string WriteBufferSize = "Write Buffer Size";
    private const int BytesInOnePiece = 64 * 1024;

    private static readonly TimeSpan ListenAgainAfter = TimeSpan.FromSeconds(1);

    private readonly PostgresStreamStoreSettings settings;
    private readonly string schema;
    private readonly NpgsqlDataSource source;
    private readonly StreamKeys keys = new();
    private readonly PostgresReads reads;
    private readonly PostgresAnnouncements announcements;
    private readonly PostgresWriters writers;

    /// <summary>Makes a store. It connects when it is used.</summary>
    /// <param name="settings">The settings.</param>
    public PostgresStreamStore(PostgresStreamStoreSettings settings)
        : base(PostgresSql.For(settings.SchemaName), settings.GetUtcNow, settings.LookInterval, settings.CreateStreamStoreNotifier)
    {
        this.settings = settings;
        schema = PostgresSql.Quoted(settings.SchemaName);
        source = NpgsqlDataSource.Create(Tuned().ToString());
        writers = new PostgresWriters(() => ConnectApart(CancellationToken.None), schema, settings.Ahead);
        reads = new PostgresReads(schema);
        announcements = new PostgresAnnouncements(Connect, settings.SchemaName);
    }

    internal override bool DisablesDeletionTracking => settings.DisableDeletionTracking;

    private protected override bool ScavengesAsynchronously => settings.ScavengeAsynchronously;

    /// <summary>Compares the version of the schema in the database with the one that this store needs.</summary>
    public async Task<CheckSchemaResult> CheckSchema(CancellationToken cancellationToken = default)
    {
        GuardAgainstDisposed();
        await using var connection = await Connect(cancellationToken);
        var found = await PostgresSchema.ReadVersion(connection, null, schema, cancellationToken);
        return new CheckSchemaResult(found, found == ArchivedVersion ? ArchivedVersion : CurrentVersion);
    }

    /// <summary>Deletes everything that the store has made in its schema, and all that it holds. The schema itself remains.</summary>
    public async Task DropAll(CancellationToken cancellationToken = default)
    {
        GuardAgainstDisposed();
        await using var connection = await Connect(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = Command(connection, transaction, PostgresSchema.DropAllOf(schema));
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>What <see cref="SqlStreamStoreBase.CreateSchemaIfNotExists"/> runs, for those who create schemas by hand.</summary>
    public string GetSchemaCreationScript() => PostgresSql.For(settings.SchemaName).CreateSchema;

    private protected override async Task PrepareSchema(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var found = await PostgresSchema.ReadVersion(connection, transaction, schema, cancellationToken);
        if (found is not (0 or CurrentVersion or ArchivedVersion))
            throw new InvalidOperationException($"The schema {settings.Schema} has version {found}; this store expects version {CurrentVersion}, or {ArchivedVersion} where messages are archived.");
    }

    internal override async ValueTask<DbConnection> Open(CancellationToken cancellationToken) => await Connect(cancellationToken);

    private async ValueTask<NpgsqlConnection> Connect(CancellationToken cancellationToken) => await Explaining(
        settings.HasOwnConnectionFactory ? await Opened(settings.ConnectionFactory(Tuned().ToString()), cancellationToken) : await source.OpenConnectionAsync(cancellationToken),
        cancellationToken);

    /// <summary>Makes a connection to keep. Not of the pool, which may be small, and where somebody else would have it next.</summary>
    private async Task<NpgsqlConnection> ConnectApart(CancellationToken cancellationToken)
    {
        var text = Tuned();
        text.Pooling = false;
        // A group of appends in one piece wakes the server once, and not every 8 KiB.
        if (!text.ShouldSerialize(WriteBufferSize)) text[WriteBufferSize] = BytesInOnePiece;
        return await Explaining(await Opened(settings.ConnectionFactory(text.ToString()), cancellationToken), cancellationToken);
    }

    private async Task<NpgsqlConnection> Explaining(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (settings.ExplainAnalyze)
        {
            await using var explain = connection.CreateCommand();
            explain.CommandText = "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on; SET auto_explain.log_nested_statements = on";
            await explain.ExecuteNonQueryAsync(cancellationToken);
        }

        return connection;
    }

    private static async Task<NpgsqlConnection> Opened(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal override ValueTask<DbTransaction> Begin(DbConnection connection, bool forWriting, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(forWriting ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead, cancellationToken);

    private protected override void Add(DbCommand command, string name, object value)
    {
        var parameter = value switch
        {
            DateTime time => new NpgsqlParameter(name, NpgsqlDbType.Timestamp) { Value = DateTime.SpecifyKind(time, DateTimeKind.Unspecified) },
            // The key column is CHAR: compared with TEXT, its index would not be used.
            _ when name is "id" or "limits" => new NpgsqlParameter(name, NpgsqlDbType.Char) { Value = value },
            _ when name is "data" or "metadata" => new NpgsqlParameter(name, NpgsqlDbType.Jsonb) { Value = value },
            _ => new NpgsqlParameter(name, value),
        };
        command.Parameters.Add(parameter);
    }

    private protected override int FewestAhead => settings.Ahead.FewestAppends;

    private protected override bool MayWriteAhead => writers.IsLikely;

    private protected override async Task<AppendOutcome?[]> Write(IReadOnlyList<PendingAppend> group)
    {
        var outcomes = await writers.Write(group, Now());
        announcements.Tell();
        return outcomes;
    }

    private protected override async Task<AppendOutcome?[]?> TryWriteAhead(IReadOnlyList<PendingAppend> group)
    {
        var outcomes = await writers.TryWriteAhead(group, Now());
        if (outcomes is not null) announcements.Tell();
        return outcomes;
    }

    private protected override ValueTask WritingEnded() => writers.DisposeAsync();

    private protected override async Task<PageRows> FetchAll(long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var connection = (NpgsqlConnection)await Open(cancellationToken);
        return await reads.All(connection, from, count, direction == ReadDirection.Forward, prefetch ? null : Data, cancellationToken);
    }

    private protected override async Task<(int Version, long Position, PageRows Rows)?> FetchStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var connection = (NpgsqlConnection)await Open(cancellationToken);
        return await reads.Stream(connection, stream.Value, from, count, direction == ReadDirection.Forward, prefetch ? null : Data, cancellationToken);
    }

    // Statements are prepared by themselves; nothing is ever set on a session of the pool, so that nothing needs resetting. A transaction that somebody has around a call must neither undo
    // what the store acknowledges nor hold its connection. Sessions are needed that are one's own for a while.
    private NpgsqlConnectionStringBuilder Tuned()
    {
        var text = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { NoResetOnClose = true, Enlist = false, Multiplexing = false };
        if (text.MaxAutoPrepare == 0) text.MaxAutoPrepare = 32;
        text.AutoPrepareMinUsages = 2;
        return text;
    }

    internal override string KeyOf(string streamId) => keys.Of(streamId);

    internal override object IdList(IEnumerable<Guid> ids) => ids.ToArray();

    internal override object NumberList(IEnumerable<long> numbers) => numbers.ToArray();

    internal override Guid ReadId(DbDataReader reader, int column) => reader.GetGuid(column);

    internal override DateTime ReadTime(DbDataReader reader, int column) => DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc);

    private protected override async Task Listen(Action appended, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await ConnectApart(cancellationToken);
                connection.Notification += (_, notification) =>
                {
                    if (notification.Payload == settings.SchemaName) appended();
                };
                await announcements.Listen(connection, cancellationToken);
                // Whatever was appended before the server knew this listener was told to nobody.
                appended();
                while (true) await connection.WaitAsync(cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Meanwhile followers look for themselves.
                await Task.Delay(ListenAgainAfter, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private protected override void Close()
    {
        base.Close();
        announcements.Dispose();
        source.Dispose();
    }
}
