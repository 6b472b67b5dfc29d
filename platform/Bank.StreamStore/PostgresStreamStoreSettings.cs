using System.Diagnostics.CodeAnalysis;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Subscriptions;
using Bank.StreamStore.Sql;
using Npgsql;

namespace Bank.StreamStore;

/// <summary>Settings of <see cref="PostgresStreamStore"/>.</summary>
/// <param name="connectionString">How to reach the database.</param>
public class PostgresStreamStoreSettings(string connectionString)
{
    /// <summary>How to reach the database.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>The schema that holds the tables: letters, digits and underscores. Capital letters count as small ones, as in PostgreSQL where names are not quoted.</summary>
    /// <exception cref="ArgumentException">The text is not a plain name.</exception>
    public string Schema
    {
        get;
        set => field = value.Length > 0 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? value
            : throw new ArgumentException($"Schema: '{value}' is not a name of letters, digits and underscores.", nameof(value));
    } = "public";

    /// <summary>
    /// Makes what tells subscriptions of appends; null for the store's own way: appends of this store wake them at once, those of other processes through LISTEN
    /// and NOTIFY, and all of them look from time to time.
    /// </summary>
    public CreateStreamStoreNotifier? CreateStreamStoreNotifier { get; set; }

    /// <summary>The time. Setting null restores the system's.</summary>
    [AllowNull]
    public GetUtcNow GetUtcNow { get; set => field = value ?? SystemClock.GetUtcNow; } = SystemClock.GetUtcNow;

    /// <summary>The name of the store in logs.</summary>
    public string LogName => nameof(PostgresStreamStore);

    /// <summary>Makes a connection from a connection string, which differs from <see cref="ConnectionString"/> in settings of the driver only: those that append, two at most, and the one that listens are not of a pool. The store opens it.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<string, NpgsqlConnection> ConnectionFactory
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = PlainConnection;

    /// <summary>Whether an append returns before what is beyond the stream's number of messages was deleted. Default: true.</summary>
    public bool ScavengeAsynchronously { get; set; } = true;

    /// <summary>Whether deletions are not noted in the stream <c>$deleted</c>. May change while the store lives.</summary>
    public bool DisableDeletionTracking { get; set; }

    /// <summary>Whether the server logs the plan of each statement. Loads <c>auto_explain</c> on each connection, which takes a superuser.</summary>
    public bool ExplainAnalyze { get; set; }

    /// <summary>How often the store's own notifier looks for what nobody told it of, as while the connection that listens is broken. Default: 250 ms.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>When groups of appends are written ahead.</summary>
    internal WritingAhead Ahead { get; init; } = new();

    /// <summary>The schema as the server names it.</summary>
    internal string SchemaName => Schema.ToLowerInvariant();

    internal bool HasOwnConnectionFactory => ConnectionFactory != (Func<string, NpgsqlConnection>)PlainConnection;

    private static NpgsqlConnection PlainConnection(string text) => new(text);
}
