namespace Bank.ServiceBus;

/// <summary>Observes that something happened.</summary>
public interface ISignalProbe : IProbe
{
    /// <summary>Adds an observer. It is called on the threads that handle messages, many at a time, and must neither wait nor throw.</summary>
    void Register(OnEvent<SignalEvent> observer);
}
