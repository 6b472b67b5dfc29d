using Bank.StreamStore.Infrastructure;

namespace Bank.StreamStore.Tests;

/// <summary>Makes stores on an empty database; several stores made by one fixture share it.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    public virtual bool IsShared => true;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Empties the database.</summary>
    public abstract Task Reset();

    public abstract Task<IStreamStore> Open(GetUtcNow getUtcNow);
}
