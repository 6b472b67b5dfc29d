using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>Makes pages of the rows that a store has fetched, one more than asked for when there is more.</summary>
internal static class PageBuilder
{
    public static ReadAllPage All(long from, int maxCount, ReadDirection direction, List<StreamMessage> rows, ReadNextAllPage readNext)
    {
        var isEnd = rows.Count <= maxCount;
        var messages = isEnd ? [.. rows] : rows.GetRange(0, maxCount).ToArray();
        if (direction == ReadDirection.Forward)
        {
            var next = messages.Length == 0 ? from : messages[^1].Position + 1;
            return new ReadAllPage(from, next, isEnd, direction, readNext, messages);
        }

        if (messages.Length == 0) return new ReadAllPage(0, 0, true, direction, readNext, messages);
        return new ReadAllPage(messages[0].Position, isEnd ? messages[^1].Position : rows[maxCount].Position, isEnd, direction, readNext, messages);
    }

    public static ReadStreamPage Missing(StreamId stream, int from, ReadDirection direction) =>
        new(stream.Value, PageReadStatus.StreamNotFound, from, -1, -1, -1, direction, isEnd: true);

    public static ReadStreamPage Stream(
        StreamId stream, int from, int maxCount, ReadDirection direction, int headVersion, long headPosition, List<StreamMessage> rows, ReadNextStreamPage readNext)
    {
        var isEnd = rows.Count <= maxCount;
        var messages = isEnd ? [.. rows] : rows.GetRange(0, maxCount).ToArray();
        var next = direction == ReadDirection.Forward
            ? messages.Length == 0 ? headVersion + 1 : messages[^1].StreamVersion + 1
            : messages.Length == 0 ? -1 : messages[^1].StreamVersion - 1;
        return new ReadStreamPage(stream.Value, PageReadStatus.Success, from, next, headVersion, headPosition, direction, isEnd, readNext, messages);
    }
}
