namespace Bank.StreamStore.Infrastructure;

/// <summary>Tells the time, UTC.</summary>
public delegate DateTime GetUtcNow();
