using System.Collections.Concurrent;

namespace Bank.StreamStore.Snapshots;

/// <summary>A bounded cache of two generations: what is used moves to the young one; when that is full it becomes the old one, and what was old is forgotten.</summary>
internal sealed class RecentlyUsed<TValue>(int most) where TValue : class
{
    private readonly int mostYoung = Math.Max(1, most / 2);
    // For every change: a move to the young generation could otherwise bring back what is being forgotten. Whoever finds a value there waits for nobody.
    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<string, TValue> young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, TValue> old = new(StringComparer.Ordinal);

    public TValue? Find(string key)
    {
        if (young.TryGetValue(key, out var value)) return value;
        lock (gate)
        {
            if (young.TryGetValue(key, out value)) return value;
            if (old.TryGetValue(key, out value)) Add(key, value);
            return value;
        }
    }

    public void Forget(string key)
    {
        lock (gate)
        {
            young.TryRemove(key, out _);
            old.TryRemove(key, out _);
        }
    }

    public void Keep(string key, TValue value)
    {
        lock (gate) Add(key, value);
    }

    private void Add(string key, TValue value)
    {
        young[key] = value;
        if (young.Count < mostYoung) return;
        (young, old) = (new(StringComparer.Ordinal), young);
    }
}
