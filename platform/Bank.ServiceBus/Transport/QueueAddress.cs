namespace Bank.ServiceBus.Transport;

/// <summary>The parts of a queue's name.</summary>
/// <param name="BaseAddress">The endpoint name, or what overrides it.</param>
/// <param name="Discriminator">Tells the queue of one instance from the shared one; null for the shared one.</param>
/// <param name="Qualifier">Names an additional queue of the endpoint; null for the main one.</param>
public sealed record QueueAddress(string BaseAddress, string? Discriminator = null, string? Qualifier = null)
{
    /// <summary><c>{base}[-{discriminator}][.{qualifier}]</c>, as both transports of this library write it.</summary>
    public override string ToString() =>
        BaseAddress + (Discriminator is null ? "" : "-" + Discriminator) + (Qualifier is null ? "" : "." + Qualifier);
}
