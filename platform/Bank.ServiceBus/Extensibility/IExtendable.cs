namespace Bank.ServiceBus.Extensibility;

/// <summary>Something that carries a <see cref="ContextBag"/>.</summary>
public interface IExtendable
{
    /// <summary>The values that travel along.</summary>
    ContextBag Extensions { get; }
}
