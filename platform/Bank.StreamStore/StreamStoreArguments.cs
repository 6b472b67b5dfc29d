using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>What every store asks of its arguments.</summary>
internal static class StreamStoreArguments
{
    public static void CheckAppend(StreamId streamId, int expectedVersion, NewStreamMessage[] messages)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, ExpectedVersion.NoStream);
        if (streamId.Value.StartsWith('$')) throw new ArgumentException($"streamId: '{streamId}' starts with '$', which is reserved.", nameof(streamId));
    }

    /// <summary>Checks where a read begins and returns how many rows to fetch: one more than asked, to see whether there is more.</summary>
    public static int CheckRead(long from, long lowest, int maxCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, lowest);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return maxCount == int.MaxValue ? maxCount : maxCount + 1;
    }
}
