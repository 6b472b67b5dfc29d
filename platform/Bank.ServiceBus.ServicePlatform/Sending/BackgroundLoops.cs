namespace Bank.ServiceBus.ServicePlatform;

/// <summary>Work that goes on beside an endpoint until it is stopped.</summary>
internal sealed class BackgroundLoops
{
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> running = [];

    /// <summary>Runs a loop that ends when its token is cancelled.</summary>
    // On the pool: the start of the endpoint must not wait for code that blocks.
    public void Run(Func<CancellationToken, Task> loop) => running.Add(Task.Run(() => UntilStopped(loop)));

    /// <summary>Ends all loops and waits for them; no longer than told, should one of them not listen.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        try
        {
            await Task.WhenAll(running).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task UntilStopped(Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(stopping.Token);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // What was under way may fail in whatever way when it is cut off, as when a channel closes just then.
        }
    }
}
