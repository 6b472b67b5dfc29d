using System.Data;
using System.Data.Common;
using System.Text.Json;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using Microsoft.Data.SqlClient;

namespace Bank.StreamStore;

/// <summary>A store in SQL Server 2016 SP1 or later, at compatibility level 130 or higher, in the tables of SqlStreamStore's schema version 3.</summary>
/// <remarks>
/// Times are kept in steps of 1/300 second, which is what the column type holds. Names of streams have at most 848 characters, which is what an index of the schema holds.
/// The driver does not work in globalization-invariant mode.
/// </remarks>
public sealed class MsSqlStreamStoreV3 : SqlStreamStoreBase
{
    /// <summary>The oldest version of the schema.</summary>
    public const int FirstSchemaVersion = 1;

    /// <summary>The version of the schema that is needed.</summary>
    public const int CurrentSchemaVersion = 3;

    // That of tables in which messages are archived, which those who know nothing of that must not work with.
    private const int ArchivedSchemaVersion = 4;

    // 1700 bytes of key hold an INT and this many characters of two bytes.
    private const int LongestStreamId = 848;

    private readonly MsSqlStreamStoreV3Settings settings;
    private readonly string connectionString;
    private readonly MsSqlScripts scripts;
    private readonly MsSqlAppends appends;
    private readonly MsSqlReads reads;

    /// <summary>Makes a store. It connects when it is used.</summary>
    /// <param name="settings">The settings.</param>
    public MsSqlStreamStoreV3(MsSqlStreamStoreV3Settings settings)
        : base(MsSqlSql.For(settings.Schema), settings.GetUtcNow ?? SystemClock.GetUtcNow, settings.LookInterval, settings.CreateStreamStoreNotifier)
    {
        this.settings = settings;
        connectionString = new SqlConnectionStringBuilder(settings.ConnectionString) { CommandTimeout = settings.CommandTimeout, Enlist = false }.ToString();
        scripts = new MsSqlScripts(settings.Schema);
        appends = new MsSqlAppends(settings.Schema);
        reads = new MsSqlReads(settings.Schema, Data);
    }

    internal override bool DisablesDeletionTracking => settings.DisableDeletionTracking;

    // As SqlStreamStore does on SQL Server.
    private protected override bool ScavengesAsynchronously => false;

    /// <summary>Which version of the schema the database has.</summary>
    public async Task<MsSql.CheckSchemaResult> CheckSchema(CancellationToken cancellationToken = default)
    {
        var found = await ReadVersion(cancellationToken);
        return new(found, found == ArchivedSchemaVersion ? ArchivedSchemaVersion : CurrentSchemaVersion);
    }

    /// <summary>Drops tables, types and procedures of the store, with everything in them.</summary>
    public Task DropAll(CancellationToken cancellationToken = default) => Execute(scripts.DropAll, cancellationToken);

    /// <summary>The script that <see cref="SqlStreamStoreBase.CreateSchemaIfNotExists"/> runs. It may be run at any time, in one batch.</summary>
    public string GetSchemaCreationScript() => scripts.CreateSchema;

    /// <summary>Brings a schema of version 2 to version 3, and copies the limits of each stream from its metadata. No other process may use the tables meanwhile.</summary>
    /// <param name="progress">Told after each step; null for nobody.</param>
    /// <param name="cancellationToken">Gives up; calling again goes on.</param>
    /// <exception cref="InvalidOperationException">The schema is missing, or of another version.</exception>
    public async Task Migrate(IProgress<MigrateProgress>? progress, CancellationToken cancellationToken)
    {
        await CheckMayMigrate(cancellationToken);
        progress?.Report(new MigrateProgress(MigrateProgress.MigrateStage.SchemaVersionChecked));
        await Execute(scripts.MigrateTo3, cancellationToken);
        await CreateSchemaIfNotExists(cancellationToken);
        progress?.Report(new MigrateProgress(MigrateProgress.MigrateStage.SchemaMigrated));
        var streams = await ReadStreamsWithMetadata(cancellationToken);
        progress?.Report(new MigrateProgress(MigrateProgress.MigrateStage.StreamIdsLoaded));
        foreach (var stream in streams) await Execute(scripts.CopyLimits, cancellationToken, new SqlParameter("@stream", SqlDbType.Int) { Value = stream });
        progress?.Report(new MigrateProgress(MigrateProgress.MigrateStage.MetadataMigrated));
    }

    /// <summary>Lets a user of the database read.</summary>
    /// <param name="to">The user's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task GrantRead(string to, CancellationToken cancellationToken = default) => Execute(MsSqlScripts.GrantRead, cancellationToken, User(to));

    /// <summary>Lets a user of the database read and append.</summary>
    /// <param name="to">The user's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task GrantAppend(string to, CancellationToken cancellationToken = default) => Execute(scripts.GrantAppend, cancellationToken, User(to));

    internal override async ValueTask<DbConnection> Open(CancellationToken cancellationToken) => await OpenSqlServer(cancellationToken);

    internal override ValueTask<DbTransaction> Begin(DbConnection connection, bool forWriting, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    /// <summary>Not in a transaction, and not needed: where it is not permitted, or others are connected, readers wait for writers.</summary>
    private protected override async Task BeforeSchema(DbConnection connection, CancellationToken cancellationToken)
    {
        foreach (var text in MsSqlScripts.AllowSnapshots)
        {
            try
            {
                await using var command = new SqlCommand(text, (SqlConnection)connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (SqlException exception) when (exception.Class < MsSqlErrors.Fatal)
            {
                // Tried again at the next start.
            }
        }
    }

    private protected override async Task PrepareSchema(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, transaction, scripts.ReadVersion);
        CheckVersion((int)(await command.ExecuteScalarAsync(cancellationToken))!, settings.Schema);
    }

    /// <exception cref="InvalidOperationException">The schema is neither missing nor of a version that this store works with.</exception>
    internal static void CheckVersion(int version, string schema)
    {
        if (version is not (0 or CurrentSchemaVersion or ArchivedSchemaVersion))
            throw new InvalidOperationException($"The schema {schema} has version {version}; this store expects version {CurrentSchemaVersion}, or {ArchivedSchemaVersion} where messages are archived. Version 2 can be migrated.");
    }

    // Types are told, so that no column is converted to the type of a parameter and every index can be used.
    private protected override void Add(DbCommand command, string name, object value)
    {
        var parameter = name switch
        {
            "id" or "limits" => new SqlParameter(name, SqlDbType.Char, MsSqlStreamKey.Width),
            "original" => new SqlParameter(name, SqlDbType.NVarChar, 1000),
            "type" => new SqlParameter(name, SqlDbType.NVarChar, 128),
            "data" or "metadata" or "ids" or "state" or "positions" or "segments" => new SqlParameter(name, SqlDbType.NVarChar, -1),
            // No name is as long as that, so a pattern that is cut off fits none either.
            "value" => new SqlParameter(name, SqlDbType.NVarChar, 4000),
            "stream" or "after" or "version" or "count" or "age" or "kept" or "messages" => new SqlParameter(name, SqlDbType.Int),
            "position" or "segment" or "first" or "last" => new SqlParameter(name, SqlDbType.BigInt),
            "created" => new SqlParameter(name, SqlDbType.DateTime),
            "now" => new SqlParameter(name, SqlDbType.DateTime2),
            "checksum" or "payload" => new SqlParameter(name, SqlDbType.VarBinary, -1),
            "message" => new SqlParameter(name, SqlDbType.UniqueIdentifier),
            _ => throw new ArgumentException($"name: there is no parameter '{name}'.", nameof(name)),
        };
        // Internal ids of streams are INT here and longer elsewhere.
        parameter.Value = value switch
        {
            long number when parameter.SqlDbType == SqlDbType.Int => (int)Math.Clamp(number, int.MinValue, int.MaxValue),
            string text when name == "value" => MsSqlSql.Literally(text),
            _ => value,
        };
        command.Parameters.Add(parameter);
    }

    internal override object IdList(IEnumerable<Guid> ids) => JsonSerializer.Serialize(ids);

    internal override object NumberList(IEnumerable<long> numbers) => JsonSerializer.Serialize(numbers);

    internal override Guid ReadId(DbDataReader reader, int column) => reader.GetGuid(column);

    internal override DateTime ReadTime(DbDataReader reader, int column) => DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc);

    internal override string KeyOf(string streamId) => MsSqlStreamKey.Of(streamId);

    // That of the stream itself, as SqlStreamStore does on SQL Server: what it has set before is recognised when it is set again.
    internal override string MetadataIdStream(string streamId) => streamId;

    private protected override Task<AppendResult> Append(StreamId stream, int expected, NewStreamMessage[] messages, CancellationToken cancellationToken) =>
        base.Append(Fitting(stream), expected, messages, cancellationToken);

    private protected override Task<long> SetMetadata(MetadataMessage metadata, int expected, CancellationToken cancellationToken)
    {
        Fitting(MetadataMessage.StreamOf(metadata.StreamId!));
        return base.SetMetadata(metadata, expected, cancellationToken);
    }

    private protected override async Task<AppendOutcome?[]> Write(IReadOnlyList<PendingAppend> group)
    {
        await using var connection = await OpenSqlServer(CancellationToken.None);
        return await appends.Write(connection, group, settings.GetUtcNow is null ? null : Now());
    }

    private protected override async Task<PageRows> FetchAll(long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var connection = await OpenSqlServer(cancellationToken);
        return await reads.All(connection, from, count, direction, prefetch, cancellationToken);
    }

    private protected override async Task<(int Version, long Position, PageRows Rows)?> FetchStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var connection = await OpenSqlServer(cancellationToken);
        return await reads.Stream(connection, stream.Value, from, count, direction, prefetch, cancellationToken);
    }

    private static StreamId Fitting(StreamId stream) => stream.Value.Length <= LongestStreamId
        ? stream
        : throw new ArgumentException($"streamId: '{stream}' has {stream.Value.Length} characters; SQL Server stores at most {LongestStreamId}.", nameof(stream));

    private static SqlParameter User(string to) => new("@to", SqlDbType.NVarChar, 128) { Value = to };

    private async Task<SqlConnection> OpenSqlServer(CancellationToken cancellationToken)
    {
        var connection = settings.ConnectionFactory(connectionString);
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

    private async Task Execute(string text, CancellationToken cancellationToken, params SqlParameter[] parameters)
    {
        await using var connection = await OpenSqlServer(cancellationToken);
        await using var command = new SqlCommand(text, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<int> ReadVersion(CancellationToken cancellationToken)
    {
        await using var connection = await OpenSqlServer(cancellationToken);
        await using var command = new SqlCommand(scripts.ReadVersion, connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task CheckMayMigrate(CancellationToken cancellationToken)
    {
        // Version 3 too: a migration that was broken off is taken up again.
        if (await ReadVersion(cancellationToken) is var version and not (2 or CurrentSchemaVersion))
            throw new InvalidOperationException($"The schema {settings.Schema} is of version {version}; only version 2 can be migrated to {CurrentSchemaVersion}.");
    }

    private async Task<List<int>> ReadStreamsWithMetadata(CancellationToken cancellationToken)
    {
        await using var connection = await OpenSqlServer(cancellationToken);
        await using var command = new SqlCommand(scripts.StreamsWithMetadata, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var streams = new List<int>();
        while (await reader.ReadAsync(cancellationToken)) streams.Add(reader.GetInt32(0));
        return streams;
    }
}
