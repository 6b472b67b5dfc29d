using System.Data;
using System.Data.Common;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Sql;
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
/// <param name="settings">The settings.</param>
public sealed class PostgresStreamStore(PostgresStreamStoreSettings settings)
    : SqlStreamStoreBase(PostgresSql.For(settings.Schema), settings.GetUtcNow, settings.LookInterval)
{
    private static readonly TimeSpan ListenAgainAfter = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(settings.ConnectionString);

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

    private protected override object IdList(IEnumerable<Guid> ids) => ids.ToArray();

    private protected override Guid ReadId(DbDataReader reader, int column) => reader.GetGuid(column);

    private protected override DateTime ReadTime(DbDataReader reader, int column) => DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc);

    private protected override async Task Listen(Action appended, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                connection.Notification += (_, notification) =>
                {
                    if (notification.Payload == settings.Schema) appended();
                };
                await using (var listen = connection.CreateCommand())
                {
                    listen.CommandText = $"LISTEN {PostgresSql.AppendedChannel}";
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
        source.Dispose();
    }
}
