using Bank.ServiceBus;

namespace Bank.Testing.CrashingEndpoint;

/// <summary>Work to be done once.</summary>
public sealed record DoWork(string Run, string Work) : ICommand;

/// <summary>What the work sends to its own endpoint.</summary>
public sealed record Consequence(string Work) : ICommand;

/// <summary>What the work tells everybody.</summary>
public sealed record WorkWasDone(string Run, string Work) : IEvent;
