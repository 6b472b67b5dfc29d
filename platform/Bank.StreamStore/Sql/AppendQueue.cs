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
    private bool isBusy;

    /// <param name="write">Writes a group in one transaction and settles each of its members. No two of them carry the same message id for the same stream.</param>
    /// <param name="ended">Called after the last group.</param>
    public AppendQueue(Func<IReadOnlyList<PendingAppend>, Task> write, Func<ValueTask> ended)
    {
        this.write = write;
        this.ended = ended;
    }

    /// <exception cref="OperationCanceledException">The caller gave up before the append was under way. It was not written and will not be.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed before the append was under way.</exception>
    public async Task<AppendOutcome> Append(PendingAppend append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TakeTurn())
        {
            // On the caller's own thread: a lone append changes threads no more often than it must.
            await Lead(append);
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

        // The group before may have ended just before the append came to wait.
        if (TakeTurn()) _ = Task.Run(() => GoOn(new AppendGroup()), CancellationToken.None);
        await using var givingUp = cancellationToken.UnsafeRegister(static waiting => ((PendingAppend)waiting!).GiveUp(), append);
        return await append.Outcome.Task;
    }

    public void Dispose()
    {
        waiting.Writer.TryComplete();
        stop.Cancel();
        if (TakeTurn()) _ = Task.Run(() => GoOn(new AppendGroup()));
    }

    /// <returns>False while a group is under way.</returns>
    private bool TakeTurn()
    {
        lock (gate)
        {
            if (isBusy) return false;
            isBusy = true;
            return true;
        }
    }

    /// <summary>Writes the caller's append and whatever waits; those that come to wait meanwhile are left to a task of their own.</summary>
    private async Task Lead(PendingAppend first)
    {
        var group = new AppendGroup();
        group.Gather(first, waiting.Reader);
        await WriteOrRefuse(group.Members);
        if (group.HoldsBack || waiting.Reader.TryPeek(out _)) _ = Task.Run(() => GoOn(group));
        else await EndTurn();
    }

    private async Task GoOn(AppendGroup group)
    {
        for (group.Gather(null, waiting.Reader); group.Count > 0; group.Gather(null, waiting.Reader))
        {
            await WriteOrRefuse(group.Members);
            // Those whose appends have just been written often come again at once: let them travel with those that wait.
            await Task.Yield();
        }

        await EndTurn();
    }

    private async Task EndTurn()
    {
        // After the end, the turn is nobody's any more.
        if (stop.IsCancellationRequested && !waiting.Reader.TryPeek(out _))
        {
            await ended();
            return;
        }

        lock (gate) isBusy = false;
        // Somebody may have come to wait, or have disposed the queue, just before.
        if ((waiting.Reader.TryPeek(out _) || stop.IsCancellationRequested) && TakeTurn()) _ = Task.Run(() => GoOn(new AppendGroup()));
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
