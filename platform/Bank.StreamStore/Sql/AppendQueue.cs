using System.Threading.Channels;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>
/// Appends that are in flight together travel together: one transaction and one flush for all that wait, each with an outcome of its own.
/// A lone append waits for nobody. Bounded: when the queue is full, callers wait.
/// </summary>
/// <remarks>
/// When a group fails, its halves are written apart, and so on, so that nobody fails because of his neighbour. Before that, what may pass is tried again. That is safe also
/// when the connection broke during the commit and nobody knows whether it happened: an append is recognised by its message ids.
/// </remarks>
internal sealed class AppendQueue : IDisposable
{
    private const int Capacity = 4096;
    private const int MostTogether = 256;
    private const int MostCharactersTogether = 4 * 1024 * 1024;
    private const int MostAttempts = 7;

    private readonly Channel<PendingAppend> waiting = Channel.CreateBounded<PendingAppend>(Capacity);
    private readonly Func<IReadOnlyList<PendingAppend>, Task> write;
    private readonly Func<ValueTask> ended;
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, List<PendingAppend>> streams = new(StringComparer.Ordinal);
    private PendingAppend? heldBack;

    /// <param name="write">Writes a group in one transaction and settles each of its members. No two of them carry the same message id for the same stream.</param>
    /// <param name="ended">Called after the last group.</param>
    public AppendQueue(Func<IReadOnlyList<PendingAppend>, Task> write, Func<ValueTask> ended)
    {
        this.write = write;
        this.ended = ended;
        _ = Task.Run(Work);
    }

    public async Task<AppendResult> Append(PendingAppend append, CancellationToken cancellationToken)
    {
        try
        {
            await waiting.Writer.WriteAsync(append, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(IStreamStore));
        }

        return await append.Outcome.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        waiting.Writer.TryComplete();
        stop.Cancel();
    }

    private async Task Work()
    {
        var group = new List<PendingAppend>();
        try
        {
            while (heldBack is not null || await waiting.Reader.WaitToReadAsync(stop.Token))
            {
                Gather(group);
                if (group.Count > 0) await WriteGroup(group);
                group.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: whoever still waits is told below.
        }

        await ended();
        heldBack?.Outcome.TrySetException(new ObjectDisposedException(nameof(IStreamStore)));
        while (waiting.Reader.TryRead(out var late)) late.Outcome.TrySetException(new ObjectDisposedException(nameof(IStreamStore)));
    }

    /// <summary>Takes what waits, oldest first, as far as it may travel together.</summary>
    private void Gather(List<PendingAppend> group)
    {
        streams.Clear();
        var characters = 0L;
        while (group.Count < MostTogether && characters < MostCharactersTogether && Next() is { } append)
        {
            if (append.CancellationToken.IsCancellationRequested)
            {
                append.Outcome.TrySetCanceled(append.CancellationToken);
                continue;
            }

            if (streams.TryGetValue(append.Stream.Value, out var others))
            {
                if (others.Exists(append.SharesIdWith))
                {
                    // A repetition is told from a conflict by what is stored, so the first of the two must be stored by then.
                    heldBack = append;
                    return;
                }

                others.Add(append);
            }
            else
            {
                streams.Add(append.Stream.Value, [append]);
            }

            group.Add(append);
            characters += append.Characters;
        }
    }

    private PendingAppend? Next()
    {
        if (Interlocked.Exchange(ref heldBack, null) is { } append) return append;
        return waiting.Reader.TryRead(out append) ? append : null;
    }

    private async Task WriteGroup(List<PendingAppend> group)
    {
        if (await LastingFailure(group) is not { } failure) return;
        if (group.Count == 1 || Transient.Is(failure))
        {
            foreach (var append in group) append.Outcome.TrySetException(failure);
            return;
        }

        // By halves, so that one that the database refuses costs the others little.
        await WriteGroup(group[..(group.Count / 2)]);
        await WriteGroup(group[(group.Count / 2)..]);
    }

    private async Task<Exception?> LastingFailure(IReadOnlyList<PendingAppend> group)
    {
        var failure = await Failure(group);
        var pause = TimeSpan.FromMilliseconds(50);
        for (var attempt = 1; failure is not null && Transient.Is(failure) && attempt < MostAttempts; attempt++, pause *= 2)
        {
            await Task.Delay(pause, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) break;
            failure = await Failure(group);
        }

        return failure;
    }

    private async Task<Exception?> Failure(IReadOnlyList<PendingAppend> group)
    {
        try
        {
            await write(group);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
