using Bank.StreamStore.Infrastructure;

namespace Bank.StreamStore.Subscriptions;

/// <summary>Tells that something was appended to a store. Subscriptions read when they are told.</summary>
public interface IStreamStoreNotifier : IObservable<Unit>, IDisposable;

/// <summary>Makes the notifier of a store, which is disposed together with the store.</summary>
public delegate IStreamStoreNotifier CreateStreamStoreNotifier(IReadonlyStreamStore readonlyStreamStore);
