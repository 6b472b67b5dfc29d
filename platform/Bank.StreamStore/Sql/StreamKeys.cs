using Bank.StreamStore.Snapshots;

namespace Bank.StreamStore.Sql;

/// <summary>The keys of the streams in use. Hashing a name takes longer than everything else that a caller does for an append.</summary>
internal sealed class StreamKeys
{
    private const int MostRemembered = 20_000;

    private readonly RecentlyUsed<string> known = new(MostRemembered);

    /// <inheritdoc cref="StreamKey.Of" />
    public string Of(string streamId)
    {
        if (known.Find(streamId) is { } remembered) return remembered;
        var key = StreamKey.Of(streamId);
        known.Keep(streamId, key);
        return key;
    }
}
