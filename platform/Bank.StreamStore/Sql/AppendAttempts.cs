namespace Bank.StreamStore.Sql;

/// <summary>
/// Writes a group, and again when that failed in a way that may pass. When it fails all the same, its halves are written apart, and so on, so that nobody fails because of his neighbour.
/// </summary>
/// <remarks>
/// That is safe also when the connection broke during the commit and nobody knows whether it happened: an append is recognised by its message ids.
/// </remarks>
/// <param name="write">Writes a group in one transaction and settles each of its members.</param>
/// <param name="stop">Ends the attempts.</param>
internal sealed class AppendAttempts(Func<IReadOnlyList<PendingAppend>, Task> write, CancellationToken stop)
{
    private const int Most = 7;

    public async Task Write(List<PendingAppend> group)
    {
        if (await LastingFailure(group) is not { } failure) return;
        if (group.Count <= 1 || Transient.Is(failure))
        {
            foreach (var append in group) append.Outcome.TrySetException(failure);
            return;
        }

        // By halves, so that one that the database refuses costs the others little.
        await Write(group[..(group.Count / 2)]);
        await Write(group[(group.Count / 2)..]);
    }

    private async Task<Exception?> LastingFailure(List<PendingAppend> group)
    {
        var failure = await Failure(group);
        var pause = TimeSpan.FromMilliseconds(50);
        for (var attempt = 1; failure is not null && Transient.Is(failure) && attempt < Most; attempt++, pause *= 2)
        {
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
