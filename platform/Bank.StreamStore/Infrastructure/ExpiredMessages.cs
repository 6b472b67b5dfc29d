using System.Threading.Channels;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Infrastructure;

/// <summary>Leaves out of pages what is older than its stream allows, and deletes it in the background. Readers never wait for that, nor see it fail.</summary>
/// <param name="now">The time.</param>
/// <param name="purge">Deletes those messages of a stream that are too old.</param>
/// <param name="stopped">Cancelled when the store is disposed.</param>
internal sealed class ExpiredMessages(Func<DateTime> now, Func<StreamId, IReadOnlyCollection<Guid>, CancellationToken, Task> purge, CancellationToken stopped)
{
    private const int MostWaiting = 10_000;

    private readonly Channel<(string Stream, Guid Message)> waiting = Channel.CreateUnbounded<(string, Guid)>();
    private readonly HashSet<(string Stream, Guid Message)> queued = [];
    private int isRunning;

    /// <summary>The first messages of a list, without those that are too old.</summary>
    public StreamMessage[] Alive(List<StreamMessage> messages, int count)
    {
        if (!messages.Exists(message => message.MaxAge is > 0)) return messages.Count == count ? [.. messages] : [.. messages.GetRange(0, count)];
        var alive = new List<StreamMessage>(count);
        var time = now();
        foreach (var message in messages.Take(count))
        {
            if (RetentionRules.IsExpired(message, message.MaxAge, time)) Enqueue(message);
            else alive.Add(message);
        }

        return [.. alive];
    }

    private void Enqueue(StreamMessage message)
    {
        lock (queued)
        {
            // What does not fit is found again by the next read.
            if (queued.Count >= MostWaiting || !queued.Add((message.StreamId, message.MessageId))) return;
        }

        waiting.Writer.TryWrite((message.StreamId, message.MessageId));
        if (Interlocked.Exchange(ref isRunning, 1) == 0) _ = Task.Run(Work, CancellationToken.None);
    }

    private async Task Work()
    {
        try
        {
            while (await waiting.Reader.WaitToReadAsync(stopped))
            {
                var batch = new List<(string Stream, Guid Message)>();
                while (waiting.Reader.TryRead(out var next)) batch.Add(next);
                foreach (var stream in batch.GroupBy(next => next.Stream, next => next.Message)) await Purge(stream.Key, [.. stream]);
                lock (queued) queued.ExceptWith(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task Purge(string stream, Guid[] messages)
    {
        try
        {
            await purge(stream, messages, stopped);
        }
        catch (Exception) when (!stopped.IsCancellationRequested)
        {
            // The next read finds them again.
        }
    }
}
