using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Bank.StreamStore;

/// <summary>Settings of <see cref="PostgresStreamStore"/>.</summary>
/// <param name="connectionString">How to reach the database.</param>
public class PostgresStreamStoreSettings(string connectionString)
{
    /// <summary>How to reach the database.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>The schema that holds the tables: letters, digits and underscores.</summary>
    /// <exception cref="ArgumentException">The text is not a plain name.</exception>
    public string Schema
    {
        get;
        set => field = value.Length > 0 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? value
            : throw new ArgumentException($"Schema: '{value}' is not a name of letters, digits and underscores.", nameof(value));
    } = "public";

    /// <summary>The time; null for the system's.</summary>
    public GetUtcNow? GetUtcNow { get; set; }

    /// <summary>How often followers look for what nobody told them of, as while the connection that listens is broken. Default: 250 ms.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>A store in PostgreSQL, in the tables of SqlStreamStore. Followers hear of appends by other processes through LISTEN and NOTIFY.</summary>
public sealed class PostgresStreamStore : SqlStreamStoreBase
{
    // While the server writes one group, the next is prepared, sent and read by it.
    private const int GroupsUnderWay = 2;

    private static readonly TimeSpan ListenAgainAfter = TimeSpan.FromSeconds(1);

    private readonly PostgresStreamStoreSettings settings;
    private readonly NpgsqlDataSource source;
    private readonly PostgresReads reads;
    private readonly PostgresAnnouncements announcements;
    private readonly ConcurrentStack<PostgresAppends> idle = new();

    /// <summary>Makes a store. It connects when it is used.</summary>
    /// <param name="settings">The settings.</param>
    public PostgresStreamStore(PostgresStreamStoreSettings settings)
        : base(PostgresSql.For(settings.Schema), settings.GetUtcNow, settings.LookInterval, GroupsUnderWay)
    {
        this.settings = settings;
        source = NpgsqlDataSource.Create(Tuned(settings.ConnectionString));
        reads = new PostgresReads(settings.Schema);
        announcements = new PostgresAnnouncements(source.OpenConnectionAsync, settings.Schema);
    }

    private protected override async ValueTask<DbConnection> Open(CancellationToken cancellationToken) => await source.OpenConnectionAsync(cancellationToken);

    private protected override ValueTask<DbTransaction> Begin(DbConnection connection, bool forWriting, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(forWriting ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead, cancellationToken);

    private protected override void Add(DbCommand command, string name, object value)
    {
        var parameter = value switch
        {
            DateTime time => new NpgsqlParameter(name, NpgsqlDbType.Timestamp) { Value = DateTime.SpecifyKind(time, DateTimeKind.Unspecified) },
            // The key column is CHAR: compared with TEXT, its index would not be used.
            _ when name is "id" => new NpgsqlParameter(name, NpgsqlDbType.Char) { Value = value },
            _ when name is "data" or "metadata" => new NpgsqlParameter(name, NpgsqlDbType.Jsonb) { Value = value },
            _ => new NpgsqlParameter(name, value),
        };
        command.Parameters.Add(parameter);
    }

    /// <summary>Appends over connections that are kept, one for each group under way.</summary>
    private protected override async Task<AppendOutcome?[]> Write(IReadOnlyList<PendingAppend> group)
    {
        if (!idle.TryPop(out var appends)) appends = new PostgresAppends((NpgsqlConnection)await Open(CancellationToken.None), settings.Schema);
        try
        {
            var outcomes = await appends.Write(group, Now());
            idle.Push(appends);
            announcements.Tell();
            return outcomes;
        }
        catch (Exception)
        {
            await appends.DisposeAsync();
            throw;
        }
    }

    private protected override async ValueTask WritingEnded()
    {
        while (idle.TryPop(out var appends)) await appends.DisposeAsync();
    }

    private protected override async Task<List<StreamMessage>> ReadAll(
        long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var connection = (NpgsqlConnection)await Open(cancellationToken);
        return await reads.All(connection, from, count, direction == ReadDirection.Forward, prefetch ? null : Data, cancellationToken);
    }

    private protected override async Task<(int Version, long Position, List<StreamMessage> Rows)?> ReadStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var connection = (NpgsqlConnection)await Open(cancellationToken);
        return await reads.Stream(connection, stream.Value, from, count, direction == ReadDirection.Forward, prefetch ? null : Data, cancellationToken);
    }

    // Statements are prepared by themselves; nothing is ever set on a session, so that nothing needs resetting.
    private static string Tuned(string connectionString)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true };
        if (text.MaxAutoPrepare == 0) text.MaxAutoPrepare = 32;
        text.AutoPrepareMinUsages = 2;
        return text.ToString();
    }

    private protected override object IdList(IEnumerable<Guid> ids) => ids.ToArray();

    private protected override Guid ReadId(DbDataReader reader, int column) => reader.GetGuid(column);

    private protected override DateTime ReadTime(DbDataReader reader, int column) => DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc);

    private protected override async Task Listen(Action appended, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // Not of the pool: whoever had it next would listen too.
                await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ToString());
                await connection.OpenAsync(cancellationToken);
                connection.Notification += (_, notification) =>
                {
                    if (notification.Payload == settings.Schema) appended();
                };
                await using (var listen = connection.CreateCommand())
                {
                    listen.CommandText = $"LISTEN {PostgresAnnouncements.Channel}";
                    await listen.ExecuteNonQueryAsync(cancellationToken);
                }

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
