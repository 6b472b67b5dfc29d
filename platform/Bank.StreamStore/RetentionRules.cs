using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>What deletions and metadata do to a stream. The same rules for every kind of store.</summary>
internal static class RetentionRules
{
    /// <summary>Whether a stream may be deleted.</summary>
    /// <param name="expected">The version expected, or one of <see cref="ExpectedVersion"/>.</param>
    /// <param name="exists">Whether the stream is there.</param>
    /// <param name="newest">The version of the newest message that it holds; null for none.</param>
    public static bool MayDelete(int expected, bool exists, int? newest)
    {
        if (!exists) return expected is ExpectedVersion.Any or ExpectedVersion.NoStream;
        return expected == ExpectedVersion.Any || newest is null || newest == expected;
    }

    /// <summary>Whether a message is too old: those in streams of the store itself never are.</summary>
    public static bool IsExpired(StreamMessage message, int? maxAge, DateTime now) =>
        maxAge is > 0 and var seconds && !message.StreamId.StartsWith('$') && message.CreatedUtc.AddSeconds(seconds) <= now;

    /// <summary>Whether the removal of a stream's messages by a limit is noted: notes that push out notes would never end.</summary>
    public static bool NotesRemovalByLimit(string stream) => stream != Deleted.DeletedStreamId;

    /// <summary>The messages that metadata may be stored as: first the usual one, then those for values that come back after others.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="idStream">The name of a stream that ids are made from.</param>
    /// <param name="expected">The version expected of the metadata, or one of <see cref="ExpectedVersion"/>.</param>
    /// <param name="head">The version of the metadata; -1 for none.</param>
    public static NewStreamMessage[] MessagesFor(MetadataMessage metadata, string idStream, int expected, int head)
    {
        var json = metadata.ToJson();
        return expected == ExpectedVersion.Any && head >= 0 ? [Message(expected), Message(head - 1), Message(head)] : [Message(expected)];

        NewStreamMessage Message(int version) => new(MetadataMessageIdGenerator.Create(idStream, version, json), MetadataMessage.Type, json);
    }

    /// <summary>
    /// Which of them to append. Ids follow from the values, so that setting the same again is a repetition. With <see cref="ExpectedVersion.Any"/>, values that
    /// were set before and replaced since are set again, with an id made from the version that they follow.
    /// </summary>
    /// <param name="candidates">What <see cref="MessagesFor"/> returned.</param>
    /// <param name="stored">The versions of those that are stored.</param>
    /// <param name="head">The version of the metadata; -1 for none.</param>
    /// <returns>The message; null for a repetition of the newest.</returns>
    public static NewStreamMessage? Choose(NewStreamMessage[] candidates, IReadOnlyDictionary<Guid, int> stored, int head)
    {
        if (candidates.Length == 1) return candidates[0];
        if (IsNewest(candidates[0]) || IsNewest(candidates[1])) return null;
        return stored.ContainsKey(candidates[0].MessageId) ? candidates[2] : candidates[0];

        bool IsNewest(NewStreamMessage message) => stored.TryGetValue(message.MessageId, out var version) && version == head;
    }
}
