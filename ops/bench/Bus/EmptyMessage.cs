namespace Bank.Benchmarks.Bus;

/// <summary>A command of usual size.</summary>
public sealed record EmptyMessage(string AccountId, long MinorUnits, string Currency, Guid RequestId) : ICommand;

/// <summary>A message that a handler sends on.</summary>
public sealed record PassedOn(Guid RequestId) : ICommand;
