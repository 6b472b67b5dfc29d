using System.Diagnostics.CodeAnalysis;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore;

/// <summary>Settings of <see cref="SqliteStreamStore"/>.</summary>
/// <param name="connectionString">How to reach the file.</param>
public class SqliteStreamStoreSettings(string connectionString)
{
    /// <summary>How to reach the file.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>
    /// Makes what tells subscriptions of appends; null for the store's own way: appends of this store wake them at once, those of other processes are looked for
    /// from time to time.
    /// </summary>
    public CreateStreamStoreNotifier? CreateStreamStoreNotifier { get; set; }

    /// <summary>The time. Setting null restores the system's.</summary>
    [AllowNull]
    public GetUtcNow GetUtcNow { get; set => field = value ?? SystemClock.GetUtcNow; } = SystemClock.GetUtcNow;

    /// <summary>The name of the store in logs.</summary>
    public string LogName => nameof(SqliteStreamStore);

    /// <summary>Whether an append returns before what is beyond the stream's number of messages was deleted. Default: true.</summary>
    public bool ScavengeAsynchronously { get; set; } = true;

    /// <summary>Whether deletions are not noted in the stream <c>$deleted</c>. May change while the store lives.</summary>
    public bool DisableDeletionTracking { get; set; }

    /// <summary>How often the store's own notifier looks for what other processes have appended. Default: 250 ms.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(250);
}
