using System.Threading.Channels;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>
/// Appends that are in flight together travel together: one transaction and one flush for all that wait, each with an outcome of its own.
/// A lone append waits for nobody. Bounded: when the queue is full, callers wait.
/// </summary>
internal sealed class AppendQueue : IDisposable
{
    private const int Capacity = 4096;
    private const int MostTogether = 256;

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

    private async Task WriteGroup(List<PendingAppend> group)
    {
        try
        {
            await write(group);
        }
        catch (Exception exception)
        {
            foreach (var append in group) append.Outcome.TrySetException(exception);
        }
    }
}

/// <summary>An append and its outcome.</summary>
internal sealed record PendingAppend(StreamId Stream, int Expected, NewStreamMessage[] Messages)
{
    public TaskCompletionSource<AppendResult> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
