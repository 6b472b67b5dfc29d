namespace Bank.ServiceBus.SagaAudit;

/// <summary>What the handler of one saga has sent so far. Handlers may send concurrently.</summary>
internal sealed class ResultingMessages
{
    private readonly Lock gate = new();
    private readonly List<SagaChangeOutput> messages = [];

    public void Add(SagaChangeOutput message)
    {
        lock (gate) messages.Add(message);
    }

    public SagaChangeOutput[] ToArray()
    {
        lock (gate) return [.. messages];
    }
}
