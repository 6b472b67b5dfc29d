using System.Threading.Channels;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>
/// Appends that are in flight together travel together: one transaction and one flush for all that wait, each with an outcome of its own.
/// A lone append waits for nobody. Bounded: when the queue is full, callers wait.
/// </summary>
/// <remarks>
/// When a group fails, each member is written alone, so that nobody fails because of his neighbour. Before that, what may pass is tried again. That is safe also
/// when the connection broke during the commit and nobody knows whether it happened: an append is recognised by its message ids.
/// </remarks>
internal sealed class AppendQueue : IDisposable
{
    private const int Capacity = 4096;
    private const int MostTogether = 256;
    private const int MostAttempts = 7;

    private readonly Channel<PendingAppend> waiting = Channel.CreateBounded<PendingAppend>(Capacity);
    private readonly Func<IReadOnlyList<PendingAppend>, Task> write;
    private readonly CancellationTokenSource stop = new();

    /// <param name="write">Writes a group in one transaction and settles each of its members.</param>
    public AppendQueue(Func<IReadOnlyList<PendingAppend>, Task> write)
    {
        this.write = write;
        _ = Task.Run(Work);
    }

    public async Task<AppendResult> Append(PendingAppend append, CancellationToken cancellationToken)
    {
        await waiting.Writer.WriteAsync(append, cancellationToken);
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
            while (await waiting.Reader.WaitToReadAsync(stop.Token))
            {
                while (group.Count < MostTogether && waiting.Reader.TryRead(out var append)) group.Add(append);
                await WriteGroup(group);
                group.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: whoever still waits is told below.
        }

        while (waiting.Reader.TryRead(out var late)) late.Outcome.TrySetException(new ObjectDisposedException(nameof(IStreamStore)));
    }

    private async Task WriteGroup(IReadOnlyList<PendingAppend> group)
    {
        if (await LastingFailure(group) is not { } failure) return;
        if (group.Count == 1 || Transient.Is(failure))
        {
            foreach (var append in group) append.Outcome.TrySetException(failure);
            return;
        }

        foreach (var append in group) await WriteGroup([append]);
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

/// <summary>An append and its outcome.</summary>
internal sealed record PendingAppend(StreamId Stream, int Expected, NewStreamMessage[] Messages)
{
    public TaskCompletionSource<AppendResult> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
