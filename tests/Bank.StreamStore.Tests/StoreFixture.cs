using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Tests;

/// <summary>Makes stores on an empty database; several stores made by one fixture share it.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    public virtual bool IsShared => true;

    /// <summary>Whether stores can be told not to note deletions.</summary>
    public virtual bool CanDisableDeletionTracking => true;

    /// <summary>Makes the notifiers of stores that are opened from now on, of those kinds that can be told; null for their own.</summary>
    public CreateStreamStoreNotifier? CreateNotifier { get; set; }

    public virtual int LongestStreamId => 1000;

    /// <summary>The name that ids of a stream's metadata are made from.</summary>
    public virtual string MetadataIdStream(string stream) => "$$" + stream;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Empties the database.</summary>
    public abstract Task Reset();

    public abstract Task<IStreamStore> Open(GetUtcNow getUtcNow);

    /// <summary>Tells the store that was opened last not to note deletions any more.</summary>
    public virtual void DisableDeletionTracking() => throw new NotSupportedException();

    /// <summary>A time as exact as the database keeps it.</summary>
    public virtual DateTime AsStored(DateTime time) => time;
}
