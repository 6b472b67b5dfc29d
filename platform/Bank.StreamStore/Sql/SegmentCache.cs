namespace Bank.StreamStore.Sql;

/// <summary>The segments that were used last, so that readers who go on from page to page decompress each once.</summary>
/// <remarks>
/// A kept segment may still hold messages that were deleted since. Nobody sees them: readers ask only for messages whose rows they have just read, and what a segment holds of those never changes.
/// </remarks>
/// <param name="mostBytes">At most so many bytes are kept, about; one segment always is.</param>
internal sealed class SegmentCache(long mostBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, LinkedListNode<Segment>> known = [];
    private readonly LinkedList<Segment> byUse = new();
    private long bytes;

    public Segment? Find(long id)
    {
        lock (gate)
        {
            if (!known.TryGetValue(id, out var node)) return null;
            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value;
        }
    }

    public void Keep(Segment segment)
    {
        lock (gate)
        {
            Remove(segment.Id);
            known.Add(segment.Id, byUse.AddFirst(segment));
            bytes += segment.Bytes;
            while (bytes > mostBytes && byUse.Count > 1) Remove(byUse.Last!.Value.Id);
        }
    }

    public void Forget(long id)
    {
        lock (gate) Remove(id);
    }

    private void Remove(long id)
    {
        if (!known.Remove(id, out var node)) return;
        byUse.Remove(node);
        bytes -= node.Value.Bytes;
    }
}
