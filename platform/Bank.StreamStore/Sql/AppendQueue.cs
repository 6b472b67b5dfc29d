using System.Threading.Channels;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>
/// Appends that are in flight together travel together: one transaction and one flush for all that wait, each with an outcome of its own.
/// A lone append waits for nobody: its caller writes it. Bounded: when the queue is full, callers wait.
/// </summary>
/// <remarks>
/// When a group fails, its halves are written apart, and so on, so that nobody fails because of his neighbour. Before that, what may pass is tried again. That is safe
/// also when the connection broke during the commit and nobody knows whether it happened: an append is recognised by its message ids.
/// </remarks>
internal sealed class AppendQueue : IDisposable
{
    private const int Capacity = 4096;
    private const int MostAttempts = 7;

    private readonly Channel<PendingAppend> waiting = Channel.CreateBounded<PendingAppend>(Capacity);
    private readonly Func<IReadOnlyList<PendingAppend>, Task> write;
    private readonly Func<ValueTask> ended;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private int free;
    private readonly int slots;

    /// <param name="slots">So many groups may be under way at once: while one is being committed, the next one is on its way.</param>
    /// <param name="write">Writes a group in one transaction and settles each of its members. No two of them carry the same message id for the same stream.</param>
    /// <param name="ended">Called after the last group.</param>
    public AppendQueue(int slots, Func<IReadOnlyList<PendingAppend>, Task> write, Func<ValueTask> ended)
    {
        this.slots = free = slots;
        this.write = write;
        this.ended = ended;
    }

    /// <exception cref="OperationCanceledException">The caller gave up before the append was under way. It was not written and will not be.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed before the append was under way.</exception>
    public async Task<AppendOutcome> Append(PendingAppend append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TakeSlot())
        {
            // On the caller's own thread: a lone append changes threads no more often than it must.
            await Work(append);
            return await append.Outcome.Task;
        }

        try
        {
            await waiting.Writer.WriteAsync(append, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(IStreamStore));
        }

        // A slot may have become free just before the append came to wait.
        if (TakeSlot()) _ = Task.Run(() => Work(null), CancellationToken.None);
        await using var givingUp = cancellationToken.UnsafeRegister(static waiting => ((PendingAppend)waiting!).GiveUp(), append);
        return await append.Outcome.Task;
    }

    public void Dispose()
    {
        waiting.Writer.TryComplete();
        stop.Cancel();
        if (TakeSlot()) _ = Task.Run(() => Work(null));
    }

    private bool TakeSlot()
    {
        lock (gate)
        {
            if (free == 0) return false;
            free--;
            return true;
        }
    }

    /// <summary>Writes one group that begins with the given append, if any; others that wait by then are left to a task of their own.</summary>
    private async Task Work(PendingAppend? first)
    {
        var group = new AppendGroup();
        group.Gather(first, waiting.Reader);
        if (first is null)
        {
            while (group.Count > 0)
            {
                await WriteOrRefuse(group.Members);
                group.Gather(null, waiting.Reader);
            }
        }
        else
        {
            await WriteOrRefuse(group.Members);
            // What was held back conflicts with what has just been written.
            if (group.HoldsBack || waiting.Reader.TryPeek(out _))
            {
                _ = Task.Run(() => GoOn(group));
                return;
            }
        }

        await ReturnSlot();
    }

    private async Task GoOn(AppendGroup group)
    {
        for (group.Gather(null, waiting.Reader); group.Count > 0; group.Gather(null, waiting.Reader)) await WriteOrRefuse(group.Members);
        await ReturnSlot();
    }

    private async Task ReturnSlot()
    {
        bool over;
        lock (gate)
        {
            free++;
            over = stop.IsCancellationRequested && free == slots;
            // Nobody takes a slot after the end.
            if (over) free = 0;
        }

        if (over) await ended();
        else if (waiting.Reader.TryPeek(out _) && TakeSlot()) _ = Task.Run(() => Work(null));
    }

    private async Task WriteOrRefuse(List<PendingAppend> group)
    {
        if (!stop.IsCancellationRequested)
        {
            await WriteGroup(group);
            return;
        }

        foreach (var append in group) append.Outcome.TrySetException(new ObjectDisposedException(nameof(IStreamStore)));
    }

    private async Task WriteGroup(List<PendingAppend> group)
    {
        if (await LastingFailure(group) is not { } failure) return;
        if (group.Count <= 1 || Transient.Is(failure))
        {
            foreach (var append in group) append.Outcome.TrySetException(failure);
            return;
        }

        // By halves, so that one that the database refuses costs the others little.
        await WriteGroup(group[..(group.Count / 2)]);
        await WriteGroup(group[(group.Count / 2)..]);
    }

    private async Task<Exception?> LastingFailure(List<PendingAppend> group)
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

    private async Task<Exception?> Failure(List<PendingAppend> group)
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
