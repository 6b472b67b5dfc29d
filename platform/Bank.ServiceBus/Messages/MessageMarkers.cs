namespace Bank.ServiceBus;

/// <summary>Marks a type as a message, where no convention says so.</summary>
public interface IMessage;

/// <summary>Marks a type as a command: sent to one endpoint.</summary>
public interface ICommand : IMessage;

/// <summary>Marks a type as an event: published to its subscribers.</summary>
public interface IEvent : IMessage;
