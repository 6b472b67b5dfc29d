using Bank.StreamStore.Infrastructure;

namespace Bank.StreamStore.Subscriptions;

/// <summary>Wakes a follower when it is told of an append.</summary>
internal sealed class AppendSignal : IObserver<Unit>
{
    private volatile TaskCompletionSource next = New();

    /// <summary>Completes when an append is told. Take it before reading, so that an append meanwhile is not missed.</summary>
    public Task Next => next.Task;

    public void OnNext(Unit value)
    {
        var raised = Interlocked.Exchange(ref next, New());
        raised.TrySetResult();
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
