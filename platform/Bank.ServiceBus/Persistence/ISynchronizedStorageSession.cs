namespace Bank.ServiceBus.Persistence;

/// <summary>The storage transaction that all handlers and sagas of one message share.</summary>
public interface ISynchronizedStorageSession;
