using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Learning;

/// <summary>Who wants which events: an empty file for each subscriber, in a folder for each type.</summary>
internal sealed class EventSubscriptions(StorageFolder storage)
{
    public void Add(Type eventType, string address)
    {
        var folder = FolderOf(eventType);
        var subscription = Path.Combine(folder, address);
        if (File.Exists(subscription)) return;
        Directory.CreateDirectory(folder);
        File.Create(subscription).Dispose();
        // After a power failure the publisher may be up before the subscriber can subscribe again.
        FolderEntries.Flush(folder);
        FolderEntries.Flush(storage.EventsFolder);
        FolderEntries.Flush(storage.Root);
    }

    public void Remove(Type eventType, string address)
    {
        var folder = FolderOf(eventType);
        if (Directory.Exists(folder)) File.Delete(Path.Combine(folder, address));
    }

    /// <summary>All who want the type or one that it derives from, each once.</summary>
    public IEnumerable<string> SubscribersOf(Type eventType) =>
        HierarchyOf(eventType).Select(FolderOf).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles).Select(file => Path.GetFileName(file)!)
            .Distinct(StringComparer.Ordinal);

    private string FolderOf(Type type) => Path.Combine(storage.EventsFolder, type.FullName!);

    private static IEnumerable<Type> HierarchyOf(Type type)
    {
        for (var current = type; current is not null && current != typeof(object); current = current.BaseType) yield return current;
        foreach (var contract in type.GetInterfaces().Where(contract => !contract.IsGenericType)) yield return contract;
    }

    /// <summary>Leads events to one queue.</summary>
    public sealed class OfQueue(EventSubscriptions all, string address) : ISubscriptionManager
    {
        public Task SubscribeAll(IReadOnlyCollection<Type> eventTypes, CancellationToken cancellationToken = default)
        {
            foreach (var type in eventTypes) all.Add(type, address);
            return Task.CompletedTask;
        }

        public Task Unsubscribe(Type eventType, CancellationToken cancellationToken = default)
        {
            all.Remove(eventType, address);
            return Task.CompletedTask;
        }
    }
}
