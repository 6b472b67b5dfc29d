namespace Bank.StreamStore.Snapshots;

/// <summary>A bounded cache of two generations: what is used moves to the young one; when that is full it becomes the old one, and what was old is forgotten.</summary>
internal sealed class RecentlyUsed<TValue>(int most) where TValue : class
{
    private readonly int mostYoung = Math.Max(1, most / 2);
    // One for all: a move to the young generation could otherwise bring back what is being forgotten.
    private readonly Lock gate = new();
    private Dictionary<string, TValue> young = new(StringComparer.Ordinal);
    private Dictionary<string, TValue> old = new(StringComparer.Ordinal);

    public TValue? Find(string key)
    {
        lock (gate)
        {
            if (young.TryGetValue(key, out var value)) return value;
            if (old.TryGetValue(key, out value)) Add(key, value);
            return value;
        }
    }

    public void Forget(string key)
    {
        lock (gate)
        {
            young.Remove(key);
            old.Remove(key);
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
