namespace Bank.ServiceBus;

/// <summary>
/// Holds back while not even the error queue can be reached: a broker gives a message back at once, and without a pause it would come round as fast as
/// processor and network allow. The pause doubles with each failure in a row, from half a second to eight seconds.
/// </summary>
internal sealed class PauseAfterFailure(TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private const int MostDoublings = 4;

    private readonly CancellationTokenSource stopping = new();
    private int inARow;

    public void Worked()
    {
        if (Volatile.Read(ref inARow) != 0) Interlocked.Exchange(ref inARow, 0);
    }

    public async Task Wait(CancellationToken cancellationToken)
    {
        var doublings = Math.Min(Interlocked.Increment(ref inARow) - 1, MostDoublings);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, cancellationToken);
        await Task.Delay(Shortest * (1 << doublings), clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Stop() => stopping.Cancel();
}
