namespace Bank.ServiceBus;

/// <summary>Observes how long something took.</summary>
public interface IDurationProbe : IProbe
{
    /// <summary>Adds an observer. It is called on the threads that handle messages, many at a time, and must neither wait nor throw.</summary>
    void Register(OnEvent<DurationEvent> observer);
}
