using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus;

/// <summary>
/// Counts failures in a row. From the configured number on, messages are handled one at a time, with a pause after each failure; the first success ends it.
/// It stands between the transport and the pipeline, so that it holds back every transport alike.
/// </summary>
internal sealed class RateLimit(int failuresBefore, RateLimitSettings settings, TimeProvider clock, ILogger logger)
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private int failuresInARow;
    private volatile bool active;

    /// <summary>Handles a message when its turn has come: at once while nothing is wrong.</summary>
    public async Task Invoke(OnMessage handle, MessageContext message, CancellationToken cancellationToken)
    {
        if (!active)
        {
            await Attempt(handle, message, cancellationToken);
            return;
        }

        await turn.WaitAsync(cancellationToken);
        try
        {
            await Attempt(handle, message, cancellationToken);
        }
        catch
        {
            if (active) await Pause(cancellationToken);
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task Attempt(OnMessage handle, MessageContext message, CancellationToken cancellationToken)
    {
        try
        {
            await handle(message, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (Interlocked.Increment(ref failuresInARow) >= failuresBefore && Change(to: true))
                await Tell("begins", settings.OnRateLimitStarted, cancellationToken);
            throw;
        }

        // While nothing is wrong, which is nearly always, no shared memory is written.
        if (Volatile.Read(ref failuresInARow) == 0) return;
        Interlocked.Exchange(ref failuresInARow, 0);
        if (Change(to: false)) await Tell("has ended", settings.OnRateLimitEnded, cancellationToken);
    }

    /// <summary>Ends pauses: who stops must not wait for them.</summary>
    public void Stop() => stopping.Cancel();

    private bool Change(bool to)
    {
        lock (gate)
        {
            if (active == to) return false;
            active = to;
            return true;
        }
    }

    private async Task Pause(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, cancellationToken);
        await Task.Delay(settings.TimeToWaitBetweenThrottledAttempts, clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Tell(string what, Func<CancellationToken, Task>? callback, CancellationToken cancellationToken)
    {
        logger.LogWarning("After {Failures} failures in a row messages are handled one at a time: this {Change}.", failuresBefore, what);
        if (callback is null) return;
        try
        {
            await callback(cancellationToken);
        }
        catch (Exception exception)
        {
            // The message's own fate is decided; what was to be told about it must not change that.
            logger.LogError(exception, "The callback for the rate limit failed.");
        }
    }
}
