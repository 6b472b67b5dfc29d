using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Subscriptions;
using Microsoft.Data.SqlClient;

namespace Bank.StreamStore;

/// <summary>Settings of <see cref="MsSqlStreamStoreV3"/>.</summary>
/// <param name="connectionString">How to reach the database.</param>
public class MsSqlStreamStoreV3Settings(string connectionString)
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
    } = "dbo";

    /// <summary>
    /// Makes what tells subscriptions of appends; null for the store's own way: appends of this store wake them at once, those of other processes are looked for
    /// from time to time.
    /// </summary>
    public CreateStreamStoreNotifier? CreateStreamStoreNotifier { get; set; }

    /// <summary>The time; null for the server's when messages are stored, and the system's otherwise.</summary>
    public GetUtcNow? GetUtcNow { get; set; }

    /// <summary>The name of the store in logs.</summary>
    public string LogName { get; set; } = "MsSqlStreamStore";

    /// <summary>Makes a connection, not yet open, from the connection string: <see cref="ConnectionString"/> with <see cref="CommandTimeout"/> in it, and without enlistment in ambient transactions.</summary>
    /// <exception cref="ArgumentNullException">Set to null.</exception>
    public Func<string, SqlConnection> ConnectionFactory
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = text => new SqlConnection(text);

    /// <summary>Whether deletions are not noted in the stream <c>$deleted</c>. May change while the store lives.</summary>
    public bool DisableDeletionTracking { get; set; }

    /// <summary>How long a statement may take, in seconds; 0 for any time. Default: 30.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int CommandTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 30;

    /// <summary>How often the store's own notifier looks for what other processes have appended. Default: 250 ms.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(250);
}
