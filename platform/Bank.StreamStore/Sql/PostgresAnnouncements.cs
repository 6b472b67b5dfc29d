using Npgsql;

namespace Bank.StreamStore.Sql;

/// <summary>Tells other processes of appends by NOTIFY: of the first at once, of those that follow closely together.</summary>
/// <remarks>
/// Not within the append: PostgreSQL lets only one transaction of the whole server that has notified commit at a time, and that would make the stores of all endpoints
/// wait for one another's flushes. What is lost when the process dies in between, others find when they look.
/// </remarks>
internal sealed class PostgresAnnouncements(Func<CancellationToken, ValueTask<NpgsqlConnection>> open, string schema) : IDisposable
{
    /// <summary>The channel; the payload is the schema.</summary>
    public const string Channel = "stream_store_appended";

    private const int Idle = 0;
    private const int Sending = 1;
    private const int More = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource stop = new();
    private int state;

    public void Tell()
    {
        if (Interlocked.CompareExchange(ref state, Sending, Idle) == Idle) _ = Task.Run(Send);
        else Interlocked.CompareExchange(ref state, More, Sending);
    }

    public void Dispose() => stop.Cancel();

    private async Task Send()
    {
        try
        {
            while (true)
            {
                await Notify();
                await Task.Delay(Pause, stop.Token);
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

    private async Task Notify()
    {
        try
        {
            await using var connection = await open(stop.Token);
            await using var command = new NpgsqlCommand($"SELECT set_config('synchronous_commit', 'off', true), pg_notify('{Channel}', $1)", connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
            await command.ExecuteNonQueryAsync(stop.Token);
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // Others look from time to time all the same.
        }
    }
}
