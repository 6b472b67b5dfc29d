using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Pipeline;

/// <summary>What the handlers of one message want to send. Handlers may send concurrently.</summary>
internal sealed class PendingOperations
{
    private readonly Lock gate = new();
    private readonly List<TransportOperation> operations = [];

    public void Add(TransportOperation operation)
    {
        lock (gate) operations.Add(operation);
    }

    public TransportOperation[] ToArray()
    {
        lock (gate) return [.. operations];
    }
}
