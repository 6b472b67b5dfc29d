namespace Bank.ServiceBus.Sagas;

/// <summary>What is known about a saga class from its declaration.</summary>
public sealed class SagaMetadata
{
    /// <summary>The saga class.</summary>
    public required Type SagaType { get; init; }

    /// <summary>The class of its data.</summary>
    public required Type SagaEntityType { get; init; }

    /// <summary>Full name of the saga class.</summary>
    public string Name => SagaType.FullName!;

    /// <summary>The property that correlates messages to instances; null when messages find instances by id alone.</summary>
    public required System.Reflection.PropertyInfo? CorrelationProperty { get; init; }

    /// <summary>The message types it handles, timeouts included.</summary>
    public required IReadOnlyCollection<SagaMessage> AssociatedMessages { get; init; }

    /// <summary>How each message type finds its instance, by message type.</summary>
    public required IReadOnlyDictionary<Type, SagaFinder> Finders { get; init; }

    /// <summary>The handler for messages without an instance; null for a log line.</summary>
    public Type? NotFoundHandlerType { get; init; }
}

/// <summary>A message type that a saga handles.</summary>
/// <param name="MessageType">The type.</param>
/// <param name="IsAllowedToStart">Whether it may start a new instance.</param>
/// <param name="IsTimeout">Whether it is handled as a timeout.</param>
public sealed record SagaMessage(Type MessageType, bool IsAllowedToStart, bool IsTimeout);

/// <summary>How a message finds its saga instance.</summary>
/// <param name="MessageType">The message type.</param>
/// <param name="HeaderName">The header that holds the correlation value; null when it is in the message.</param>
/// <param name="ReadValue">Reads the correlation value from a message and its headers.</param>
public sealed record SagaFinder(Type MessageType, string? HeaderName, Func<object, IReadOnlyDictionary<string, string>, object?> ReadValue);
