namespace Bank.ServiceBus;

/// <summary>What a transport guarantees while a message is handled.</summary>
public enum TransportTransactionMode
{
    /// <summary>A message is gone once received, handled or not.</summary>
    None = 0,

    /// <summary>A message is gone only after it was handled; what the handler sent goes out independently.</summary>
    ReceiveOnly = 1,

    /// <summary>What the handler sent goes out if, and only if, the message is acknowledged.</summary>
    SendsAtomicWithReceive = 2,

    /// <summary>Receiving, sending and databases share one distributed transaction. No transport of this library offers it.</summary>
    TransactionScope = 3,
}
