using System.Threading.Channels;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>
/// Appends that are in flight together travel together: one transaction and one flush for all that wait, each with an outcome of its own.
/// A lone append waits for nobody: its caller writes it. Bounded: when the queue is full, callers wait.
/// </summary>
/// <remarks>
/// One lane of groups that follow one another, and a second one while there is enough for both and the database can write a group ahead: while the one before it is under way.
/// A group that could not be written ahead is written when nothing else is under way, the oldest first; so appends to one stream are tried in the order in which they came.
/// </remarks>
internal sealed class AppendQueue : IDisposable
{
    private const int Capacity = 4096;

    private readonly Channel<PendingAppend> waiting = Channel.CreateBounded<PendingAppend>(Capacity);
    private readonly AppendAttempts attempts;
    private readonly IWritesAhead? ahead;
    private readonly Func<ValueTask> ended;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<AppendGroup> underWay = [];
    private readonly PriorityQueue<RefusedGroup, long> refused = new();
    private long gathered;
    private volatile int lanes;
    // Beside a group that is written alone none begins: it could come first.
    private volatile bool isAlone;

    /// <param name="write">Writes a group in one transaction and settles each of its members. No two of them carry the same message id for the same stream.</param>
    /// <param name="ended">Called after the last group.</param>
    /// <param name="ahead">Writes groups ahead; null where that cannot be.</param>
    public AppendQueue(Func<IReadOnlyList<PendingAppend>, Task> write, Func<ValueTask> ended, IWritesAhead? ahead = null)
    {
        attempts = new AppendAttempts(write, stop.Token);
        this.ended = ended;
        this.ahead = ahead;
    }

    private enum Step
    {
        WriteAlone,
        WriteAhead,
        Leave,
        End,
    }

    /// <exception cref="OperationCanceledException">The caller gave up before the append was under way. It was not written and will not be.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed before the append was under way.</exception>
    public async Task<AppendOutcome> Append(PendingAppend append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Leads(append) is { } lead)
        {
            // On the caller's own thread: a lone append changes threads no more often than it must.
            await Lead(lead);
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
        if (OpensLane(isSecond: false) || OpensLane(isSecond: true)) _ = Task.Run(() => GoOn(new AppendGroup()), CancellationToken.None);
        await using var givingUp = cancellationToken.UnsafeRegister(static waiting => ((PendingAppend)waiting!).GiveUp(), append);
        return await append.Outcome.Task;
    }

    public void Dispose()
    {
        waiting.Writer.TryComplete();
        stop.Cancel();
        if (OpensLane(isSecond: false)) _ = Task.Run(() => GoOn(new AppendGroup()));
    }

    private bool OpensLane(bool isSecond)
    {
        var others = isSecond ? 1 : 0;
        // Every append asks, and nearly always the answer is no.
        if (lanes != others || (isSecond && (isAlone || !IsEnoughAhead(groups: 1)))) return false;
        lock (gate)
        {
            if (lanes != others || (isSecond && (isAlone || refused.Count > 0))) return false;
            lanes++;
            return true;
        }
    }

    /// <summary>Opens the first lane for a caller who brings the first append of its group.</summary>
    private AppendGroup? Leads(PendingAppend append)
    {
        if (lanes > 0) return null;
        lock (gate)
        {
            if (lanes > 0) return null;
            lanes++;
            isAlone = true;
            var group = new AppendGroup();
            Gather(group, append, int.MaxValue);
            return group;
        }
    }

    private bool IsEnoughAhead(int groups) => ahead is { IsLikely: true } && waiting.Reader.Count >= (long)groups * ahead.FewestAppends;

    /// <summary>Writes the caller's append and whatever waits; those that come to wait meanwhile are left to a task of their own.</summary>
    private async Task Lead(AppendGroup group)
    {
        await WriteAlone(group, null);
        var step = Next(group, out var failure);
        if (step is Step.WriteAlone or Step.WriteAhead) _ = Task.Run(() => GoOn(group, step, failure));
        else await GoOn(group, step, failure);
    }

    private Task GoOn(AppendGroup group)
    {
        var step = Next(group, out var failure);
        return GoOn(group, step, failure);
    }

    private async Task GoOn(AppendGroup group, Step step, Exception? failure)
    {
        while (step is Step.WriteAlone or Step.WriteAhead)
        {
            if (step == Step.WriteAlone) await WriteAlone(group, failure);
            else await WriteAhead(group);
            // Those whose appends have just been written often come again at once: let them travel with those that wait.
            await Task.Yield();
            step = Next(group, out failure);
        }

        if (step == Step.End) await ended();
        // Somebody may have come to wait, or have disposed the queue, just before.
        else if ((waiting.Reader.TryPeek(out _) || stop.IsCancellationRequested) && OpensLane(isSecond: false)) _ = Task.Run(() => GoOn(new AppendGroup()));
    }

    /// <summary>Ends the group of a lane, and gathers its next one.</summary>
    /// <param name="group">The lane's.</param>
    /// <param name="failure">Why nobody knows whether the next group has been written already; null when it has not been.</param>
    private Step Next(AppendGroup group, out Exception? failure)
    {
        failure = null;
        lock (gate)
        {
            underWay.Remove(group);
            return lanes > 1 ? NextOfTwo(group) : NextOfOne(group, out failure);
        }
    }

    private Step NextOfTwo(AppendGroup group)
    {
        if (refused.Count == 0 && !stop.IsCancellationRequested && IsEnoughAhead(groups: 1))
        {
            // Lanes are fastest when their groups are of a size.
            var share = Math.Max(ahead!.FewestAppends, (waiting.Reader.Count + underWay.Sum(other => other.Count)) / 2);
            // Whether an append is right or a repetition shows only when the one before it to its stream is stored.
            if (Gather(group, null, share) && !underWay.Exists(other => other != group && group.SharesStreamWith(other))) return Step.WriteAhead;
            underWay.Remove(group);
            if (group.Count > 0) Refuse(group, null);
        }

        // What is left, the other lane takes.
        RefuseHeldBack(group);
        lanes--;
        return Step.Leave;
    }

    private Step NextOfOne(AppendGroup group, out Exception? failure)
    {
        failure = null;
        isAlone = true;
        if (refused.Count > 0)
        {
            RefuseHeldBack(group);
            var oldest = refused.Dequeue();
            failure = oldest.Failure;
            group.Take(oldest.Members, oldest.Number);
            underWay.Add(group);
            return Step.WriteAlone;
        }

        var isEnough = !stop.IsCancellationRequested && IsEnoughAhead(groups: 1);
        var isEnoughForTwo = isEnough && IsEnoughAhead(groups: 2);
        if (Gather(group, null, isEnoughForTwo ? waiting.Reader.Count / 2 : int.MaxValue))
        {
            if (!isEnough) return Step.WriteAlone;
            isAlone = false;
            if (isEnoughForTwo)
            {
                lanes++;
                _ = Task.Run(() => GoOn(new AppendGroup()));
            }

            return Step.WriteAhead;
        }

        // After the end, the turn is nobody's any more: the lane is never closed.
        if (stop.IsCancellationRequested && !waiting.Reader.TryPeek(out _)) return Step.End;
        lanes--;
        return Step.Leave;
    }

    private bool Gather(AppendGroup group, PendingAppend? first, int most)
    {
        // Odd numbers are for what is held back.
        gathered += 2;
        group.Gather(first, waiting.Reader, most, gathered);
        if (group.Count == 0) return false;
        underWay.Add(group);
        return true;
    }

    /// <summary>Leaves a group to whoever writes alone; the oldest comes first.</summary>
    private void Refuse(AppendGroup group, Exception? failure) => refused.Enqueue(new RefusedGroup([.. group.Members], group.Number, failure), group.Number);

    private void RefuseHeldBack(AppendGroup group)
    {
        if (group.LetGo() is { } held && held.TryTake()) refused.Enqueue(new RefusedGroup([held], group.Number + 1, null), group.Number + 1);
    }

    private async Task WriteAlone(AppendGroup group, Exception? failure)
    {
        if (!stop.IsCancellationRequested)
        {
            await attempts.Write(group.Members);
            return;
        }

        foreach (var append in group.Members) append.Outcome.TrySetException(failure ?? new ObjectDisposedException(nameof(IStreamStore)));
    }

    private async Task WriteAhead(AppendGroup group)
    {
        Exception? failure = null;
        try
        {
            if (await ahead!.TryWrite(group.Members)) return;
        }
        catch (Exception exception)
        {
            // Other errors are the server's, which has written nothing then.
            if (Transient.Is(exception)) failure = exception;
        }

        lock (gate) Refuse(group, failure);
    }

    private sealed record RefusedGroup(List<PendingAppend> Members, long Number, Exception? Failure);
}
