namespace Bank.ServiceBus;

/// <summary>Observes an event.</summary>
/// <typeparam name="TEvent">What is known about it.</typeparam>
public delegate void OnEvent<TEvent>(ref TEvent e);
