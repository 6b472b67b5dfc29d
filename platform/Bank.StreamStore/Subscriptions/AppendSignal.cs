namespace Bank.StreamStore.Subscriptions;

/// <summary>Wakes followers when something was appended in this process.</summary>
internal sealed class AppendSignal
{
    private volatile TaskCompletionSource next = New();

    /// <summary>Completes at the next append. Take it before reading, so that an append meanwhile is not missed.</summary>
    public Task Next => next.Task;

    public void Raise()
    {
        var raised = Interlocked.Exchange(ref next, New());
        raised.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
