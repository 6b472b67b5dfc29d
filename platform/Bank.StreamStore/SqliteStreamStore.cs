using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Sql;
using Microsoft.Data.Sqlite;

namespace Bank.StreamStore;

/// <summary>A store in a SQLite file, in tables like those on PostgreSQL. Appends are on disk when they return; other processes may read, and append in turn.</summary>
/// <param name="settings">The settings.</param>
public sealed class SqliteStreamStore(SqliteStreamStoreSettings settings)
    : SqlStreamStoreBase(SqliteSql.Text, settings.GetUtcNow, settings.LookInterval, settings.CreateStreamStoreNotifier)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    internal override bool DisablesDeletionTracking => settings.DisableDeletionTracking;

    private protected override bool ScavengesAsynchronously => settings.ScavengeAsynchronously;

    private protected override async Task PrepareSchema(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await AddIf(SqliteSql.LacksLimits, SqliteSql.AddLimits);
        await AddIf(SqliteArchive.LacksColumn, SqliteArchive.AddColumn);

        async Task AddIf(string isMissing, string what)
        {
            await using var look = Command(connection, transaction, isMissing);
            if (await look.ExecuteScalarAsync(cancellationToken) is not 1L) return;
            await using var add = Command(connection, transaction, what);
            await add.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    internal override async ValueTask<DbConnection> Open(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var pragmas = connection.CreateCommand();
            pragmas.CommandText = "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
            await pragmas.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Not deferred for writing: a reader that becomes a writer late is refused at once, whatever the time-out.
    internal override ValueTask<DbTransaction> Begin(DbConnection connection, bool forWriting, CancellationToken cancellationToken) =>
        new(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: !forWriting));

    private protected override void Add(DbCommand command, string name, object value)
    {
        ((SqliteCommand)command).Parameters.AddWithValue("@" + name, value switch
        {
            Guid id => id.ToString(),
            DateTime time => time.ToString(TimeFormat, CultureInfo.InvariantCulture),
            _ => value,
        });
    }

    internal override object IdList(IEnumerable<Guid> ids) => JsonSerializer.Serialize(ids);

    internal override object NumberList(IEnumerable<long> numbers) => JsonSerializer.Serialize(numbers);

    internal override Guid ReadId(DbDataReader reader, int column) => Guid.Parse(reader.GetString(column));

    internal override DateTime ReadTime(DbDataReader reader, int column) =>
        DateTime.ParseExact(reader.GetString(column), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
