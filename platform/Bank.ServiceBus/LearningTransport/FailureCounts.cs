namespace Bank.ServiceBus.Learning;

/// <summary>
/// How often messages have failed here, by the names of their files. Only so many are remembered, for another receiver of the queue may take a
/// message that failed here and bring it to its end.
/// </summary>
internal sealed class FailureCounts
{
    private const int Most = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Name, int Count)>> byName = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Name, int Count)> longestAgoFirst = new();

    public int Count => byName.Count;

    /// <summary>Notes a failure.</summary>
    /// <returns>How many that makes.</returns>
    public int Add(string name)
    {
        lock (gate)
        {
            var count = Remove(name) + 1;
            byName[name] = longestAgoFirst.AddLast((name, count));
            if (byName.Count > Most) Remove(longestAgoFirst.First!.Value.Name);
            return count;
        }
    }

    /// <summary>The message is done with.</summary>
    public void Forget(string name)
    {
        lock (gate) Remove(name);
    }

    private int Remove(string name)
    {
        if (!byName.Remove(name, out var node)) return 0;
        longestAgoFirst.Remove(node);
        return node.Value.Count;
    }
}
