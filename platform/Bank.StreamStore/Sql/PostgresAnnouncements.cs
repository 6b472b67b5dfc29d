using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Bank.StreamStore.Sql;

/// <summary>Tells other processes of appends by NOTIFY: of the first at once, of those that follow closely together. While no other process listens, it tells nobody.</summary>
/// <remarks>
/// Not within the append: PostgreSQL lets only one transaction of the whole server that has notified commit at a time, and that would make the stores of all endpoints
/// wait for one another's flushes. What is lost when the process dies in between, others find when they look.
/// <para>Who listens holds a shared advisory lock, for PostgreSQL tells nobody who listens.</para>
/// </remarks>
internal sealed class PostgresAnnouncements(Func<CancellationToken, ValueTask<NpgsqlConnection>> open, string schema) : IDisposable
{
    /// <summary>The channel; the payload is the schema.</summary>
    public const string Channel = "stream_store_appended";

    private const int Idle = 0;
    private const int Sending = 1;
    private const int More = 2;

    // The first of the two numbers of the lock; the second is made from the schema.
    private const int LockClass = 1_398_035_026;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PauseWhileNobodyListens = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private readonly int lockNumber = BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(schema))) & int.MaxValue;
    private volatile int ownListener;
    private long heardAt;
    private int state;

    private string WhileOthersListen => $"""
         FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND classid = {LockClass} AND objid = {lockNumber} AND pid <> $2
        LIMIT 1
        """;

    public void Tell()
    {
        if (Interlocked.CompareExchange(ref state, Sending, Idle) == Idle) _ = Task.Run(Send);
        else Interlocked.CompareExchange(ref state, More, Sending);
    }

    /// <summary>Makes a connection listen.</summary>
    /// <param name="connection">Of this store, so what it listens for is told by others alone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task Listen(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ownListener = connection.ProcessID;
        await using var command = new NpgsqlCommand($"LISTEN {Channel}; SELECT pg_advisory_lock_shared({LockClass}, {lockNumber})", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose() => stop.Cancel();

    private async Task Send()
    {
        try
        {
            while (true)
            {
                // Who begins to listen meanwhile looks at that moment himself, and from time to time.
                await Task.Delay(await Notify() ? Pause : PauseWhileNobodyListens, stop.Token);
                // Tell sees Sending until here, so an append meanwhile has left More.
                if (Interlocked.CompareExchange(ref state, Idle, Sending) == Sending) return;
                Interlocked.Exchange(ref state, Sending);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <returns>Whether another process listens, or did a moment ago.</returns>
    private async Task<bool> Notify()
    {
        try
        {
            // Looking at the locks disturbs the whole server a little; whoever listened will listen for a while.
            var looks = heardAt == 0 || Stopwatch.GetElapsedTime(heardAt) >= LookAgainAfter;
            await using var connection = await open(stop.Token);
            await using var command = new NpgsqlCommand(
                $"SELECT set_config('synchronous_commit', 'off', true), pg_notify('{Channel}', $1){(looks ? WhileOthersListen : "")}", connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
            if (looks) command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = ownListener });
            await using var reader = await command.ExecuteReaderAsync(stop.Token);
            var isHeard = await reader.ReadAsync(stop.Token);
            if (looks) heardAt = isHeard ? Stopwatch.GetTimestamp() : 0;
            return isHeard;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // Others look from time to time all the same.
            return true;
        }
    }
}
