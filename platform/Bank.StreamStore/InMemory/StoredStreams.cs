using Bank.StreamStore.Streams;

namespace Bank.StreamStore.InMemory;

/// <summary>The streams of the store in memory, and their messages in the order of positions.</summary>
internal sealed class StoredStreams
{
    private readonly Dictionary<string, StoredStream> byName = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, StoredStream> byNumber = [];
    private readonly List<StreamMessage> all = [];
    private readonly Dictionary<long, string> data = [];
    private long lastNumber;

    /// <summary>The highest position given out; -1 for none.</summary>
    public long Head { get; private set; } = -1;

    /// <summary>The highest position of a message that is still there; -1 for none.</summary>
    public long NewestPosition => all.Count == 0 ? -1 : all[^1].Position;

    public StoredStream? Find(string name) => byName.GetValueOrDefault(name);

    public StoredStream Create(string name)
    {
        var stream = new StoredStream(name, ++lastNumber);
        if (Find(MetadataMessage.StreamOf(name).Value)?.Messages is [.., var newest]) stream.SetLimits(MetadataMessage.Parse(data[newest.Position]));
        byName.Add(name, stream);
        byNumber.Add(stream.Number, stream);
        return stream;
    }

    public void Add(StoredStream stream, NewStreamMessage message, DateTime now)
    {
        var stored = new StreamMessage(stream.Name, message.MessageId, stream.Version + 1, ++Head, now, message.Type, message.JsonMetadata, message.JsonData);
        stream.Add(stored);
        all.Add(stored);
        data.Add(stored.Position, message.JsonData);
    }

    public void Remove(StoredStream stream)
    {
        byName.Remove(stream.Name);
        byNumber.Remove(stream.Number);
        var positions = stream.Messages.Select(message => message.Position).ToHashSet();
        all.RemoveAll(message => positions.Contains(message.Position) && data.Remove(message.Position));
    }

    public void Remove(StoredStream stream, StreamMessage message)
    {
        stream.Messages.RemoveAll(stored => stored.Position == message.Position);
        all.RemoveAt(Ordered.IndexOf(all, stored => stored.Position, message.Position));
        data.Remove(message.Position);
    }

    /// <summary>The data of a message; null when it is no longer there.</summary>
    public string? Data(long position) => data.GetValueOrDefault(position);

    public IEnumerable<StreamMessage> All(long from, ReadDirection direction) => Ordered.From(all, message => message.Position, from, direction);

    public IEnumerable<StoredStream> After(long number) => byNumber.Values.SkipWhile(stream => stream.Number <= number);
}
