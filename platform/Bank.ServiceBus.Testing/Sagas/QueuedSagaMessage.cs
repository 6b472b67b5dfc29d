namespace Bank.ServiceBus.Testing;

/// <summary>A message on its way to a saga under test.</summary>
public class QueuedSagaMessage
{
    internal QueuedSagaMessage(object message, IReadOnlyDictionary<string, string> headers)
    {
        Message = message;
        Headers = headers;
    }

    /// <summary>The type of the message.</summary>
    public Type Type => Message.GetType();

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>The headers that decide which instance handles it.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    internal bool IsTimeout => Headers.GetValueOrDefault(ServiceBus.Headers.IsSagaTimeoutMessage) == bool.TrueString;
}
