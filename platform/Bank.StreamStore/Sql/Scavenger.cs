using System.Threading.Channels;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>Deletes in the background what is beyond the number of messages that streams may hold; one stream after the other, each at most once in the queue.</summary>
/// <param name="scavenge">Deletes what is beyond the limit of a stream.</param>
/// <param name="stopped">Cancelled when the store is disposed.</param>
internal sealed class Scavenger(Func<StreamId, CancellationToken, Task> scavenge, CancellationToken stopped)
{
    private readonly Channel<StreamId> waiting = Channel.CreateUnbounded<StreamId>();
    private readonly HashSet<StreamId> queued = [];
    private int isRunning;

    /// <summary>Puts a stream into the queue.</summary>
    public void Enqueue(StreamId stream)
    {
        lock (queued)
        {
            if (!queued.Add(stream)) return;
        }

        waiting.Writer.TryWrite(stream);
        if (Interlocked.Exchange(ref isRunning, 1) == 0) _ = Task.Run(Work, CancellationToken.None);
    }

    /// <summary>Deletes at once. Failures are not those of the append that led to it; the next one tries again.</summary>
    public async Task Scavenge(StreamId stream)
    {
        try
        {
            await scavenge(stream, stopped);
        }
        catch (Exception)
        {
            // The limit is exceeded until the next append.
        }
    }

    private async Task Work()
    {
        try
        {
            await foreach (var stream in waiting.Reader.ReadAllAsync(stopped))
            {
                lock (queued) queued.Remove(stream);
                await Scavenge(stream);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
