namespace Bank.ServiceBus;

/// <summary>What becomes of a message whose handling failed.</summary>
public abstract class RecoverabilityAction
{
    private protected RecoverabilityAction()
    {
    }

    /// <summary>It is tried again at once.</summary>
    public static ImmediateRetry ImmediateRetry() => new();

    /// <summary>It is tried again later.</summary>
    public static DelayedRetry DelayedRetry(TimeSpan timeSpan) => new(timeSpan);

    /// <summary>It goes to a queue for somebody to look at.</summary>
    public static MoveToError MoveToError(string errorQueue) => new(errorQueue);

    /// <summary>It is dropped, with a log entry that says why.</summary>
    public static Discard Discard(string reason) => new(reason);
}

/// <summary>The message is tried again at once.</summary>
public sealed class ImmediateRetry : RecoverabilityAction
{
    internal ImmediateRetry()
    {
    }
}

/// <summary>The message is tried again later.</summary>
public class DelayedRetry : RecoverabilityAction
{
    internal DelayedRetry(TimeSpan delay) => Delay = delay;

    /// <summary>How much later.</summary>
    public TimeSpan Delay { get; }
}

/// <summary>The message goes to a queue for somebody to look at.</summary>
public class MoveToError : RecoverabilityAction
{
    internal MoveToError(string errorQueue)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(errorQueue);
        ErrorQueue = errorQueue;
    }

    /// <summary>The queue.</summary>
    public string ErrorQueue { get; }
}

/// <summary>The message is dropped.</summary>
public class Discard : RecoverabilityAction
{
    internal Discard(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Reason = reason;
    }

    /// <summary>Why.</summary>
    public string Reason { get; }
}
