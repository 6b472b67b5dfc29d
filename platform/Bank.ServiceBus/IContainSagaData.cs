namespace Bank.ServiceBus;

/// <summary>The stored state of a saga instance.</summary>
public interface IContainSagaData
{
    /// <summary>The instance.</summary>
    Guid Id { get; set; }

    /// <summary>Id of the message that started the instance.</summary>
    string? OriginalMessageId { get; set; }

    /// <summary>Reply address of the message that started the instance.</summary>
    string? Originator { get; set; }
}

/// <summary>A base for saga data.</summary>
public abstract class ContainSagaData : IContainSagaData
{
    /// <inheritdoc />
    public virtual Guid Id { get; set; }

    /// <inheritdoc />
    public virtual string? OriginalMessageId { get; set; }

    /// <inheritdoc />
    public virtual string? Originator { get; set; }
}
