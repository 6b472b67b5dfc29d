namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Counts the messages being handled, over all connections that they came through.</summary>
internal sealed class HandlersUnderWay
{
    private readonly Lock gate = new();
    private TaskCompletionSource? none;
    private int count;

    public void Begin()
    {
        lock (gate) count++;
    }

    public void End()
    {
        lock (gate)
        {
            if (--count == 0) none?.TrySetResult();
        }
    }

    /// <summary>Completes when nothing is being handled; to be asked for when nothing new begins.</summary>
    public Task None()
    {
        lock (gate)
        {
            if (count == 0) return Task.CompletedTask;
            none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return none.Task;
        }
    }
}
