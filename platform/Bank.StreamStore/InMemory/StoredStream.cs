using Bank.StreamStore.Streams;

namespace Bank.StreamStore.InMemory;

/// <summary>A stream of the store in memory.</summary>
internal sealed class StoredStream(string name, long number)
{
    public string Name { get; } = name;

    /// <summary>Its place in the order of creation.</summary>
    public long Number { get; } = number;

    /// <summary>The highest version given out, whether its message is still there or not.</summary>
    public int Version { get; private set; } = -1;

    /// <summary>The position of that version.</summary>
    public long Position { get; private set; } = -1;

    public int? MaxAge { get; private set; }

    public int? MaxCount { get; private set; }

    /// <summary>What is still there, in the order of versions.</summary>
    public List<StreamMessage> Messages { get; } = [];

    public int? NewestVersion => Messages.Count == 0 ? null : Messages[^1].StreamVersion;

    public void SetLimits(MetadataMessage metadata) => (MaxAge, MaxCount) = (metadata.MaxAge, metadata.MaxCount);

    public void Add(StreamMessage message)
    {
        Messages.Add(message);
        (Version, Position) = (message.StreamVersion, message.Position);
    }

    public Dictionary<Guid, int> VersionsOf(NewStreamMessage[] messages)
    {
        var ids = messages.Select(message => message.MessageId).ToHashSet();
        return Messages.Where(message => ids.Contains(message.MessageId)).ToDictionary(message => message.MessageId, message => message.StreamVersion);
    }

    public IEnumerable<StreamMessage> From(int version, ReadDirection direction) => Ordered.From(Messages, message => message.StreamVersion, version, direction);

    public bool IsExpired(StreamMessage message, DateTime now) => RetentionRules.IsExpired(message, MaxAge, now);
}
