using System.Data.Common;
using System.Threading.Channels;

namespace Bank.Hub.Projections;

/// <summary>
/// Writes what messages that are handled at the same time bring, in one transaction: rows into every generation that wants them, and what came of subjects and replays.
/// What was handed over is written when the call returns.
/// </summary>
internal sealed class ProjectionWriter : IAsyncDisposable
{
    private const int Capacity = 1024;
    private const int MostEventsTogether = 4000;

    private readonly Channel<Pending> waiting = Channel.CreateBounded<Pending>(Capacity);
    private readonly ProjectionTransaction transaction;
    private readonly Task loop;

    public ProjectionWriter(ProjectionTransaction transaction)
    {
        this.transaction = transaction;
        loop = Task.Run(Work);
    }

    public async Task Write(ProjectionWrite write, CancellationToken cancellationToken)
    {
        var pending = new Pending(write);
        await waiting.Writer.WriteAsync(pending, cancellationToken);
        await pending.Written.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
    }

    private async Task Work()
    {
        var group = new List<Pending>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            var events = 0;
            while (events < MostEventsTogether && waiting.Reader.TryRead(out var pending))
            {
                group.Add(pending);
                events += Math.Max(1, pending.Write.Events);
            }

            await WriteGroup(group);
            group.Clear();
        }
    }

    private async Task WriteGroup(List<Pending> group)
    {
        try
        {
            await transaction.Write([.. group.Select(pending => pending.Write)]);
            foreach (var pending in group) pending.Written.TrySetResult();
        }
        catch (OutdatedProgramException)
        {
            // A newer program takes over. What came stays unhandled, so that it goes back to the queue when this process ends.
        }
        catch (DbException) when (group.Count > 1)
        {
            // One bad batch must not fail its neighbours.
            foreach (var pending in group.ToArray()) await WriteGroup([pending]);
        }
        catch (Exception exception)
        {
            foreach (var pending in group) pending.Written.TrySetException(exception);
        }
    }

    private sealed record Pending(ProjectionWrite Write)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What a message brings.</summary>
/// <param name="Parts">By projection.</param>
/// <param name="Stretch">Which stretch of which replay it is; null for a live event.</param>
/// <param name="Events">How many events it brings.</param>
internal sealed record ProjectionWrite(IReadOnlyDictionary<string, ProjectionPart> Parts, ReplayStretch? Stretch, int Events);

/// <summary>What a message brings for a projection.</summary>
internal sealed class ProjectionPart
{
    public ProjectionBatch Batch { get; } = new();

    public List<SubjectVersion> Subjects { get; } = [];
}

/// <summary>A stretch of a replay.</summary>
/// <param name="ReplayId">Which replay.</param>
/// <param name="After">It begins behind this position.</param>
/// <param name="UpTo">Its last position.</param>
internal sealed record ReplayStretch(Guid ReplayId, long After, long UpTo);
