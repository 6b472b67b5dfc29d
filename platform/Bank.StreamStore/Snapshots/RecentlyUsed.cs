using System.Collections.Concurrent;

namespace Bank.StreamStore.Snapshots;

/// <summary>A bounded cache of two generations: what is used moves to the young one; when that is full it becomes the old one, and what was old is forgotten.</summary>
internal sealed class RecentlyUsed<TValue>(int most) where TValue : class
{
    private readonly int mostYoung = Math.Max(1, most / 2);
    private ConcurrentDictionary<string, TValue> young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, TValue> old = new(StringComparer.Ordinal);

    public TValue? Find(string key) => young.GetValueOrDefault(key) ?? old.GetValueOrDefault(key);

    public void Forget(string key)
    {
        young.TryRemove(key, out _);
        old.TryRemove(key, out _);
    }

    public void Keep(string key, TValue value)
    {
        var current = young;
        current[key] = value;
        if (current.Count < mostYoung) return;
        // Several may come here at once; one of them turns the generations.
        if (Interlocked.CompareExchange(ref young, new ConcurrentDictionary<string, TValue>(StringComparer.Ordinal), current) == current) old = current;
    }
}
