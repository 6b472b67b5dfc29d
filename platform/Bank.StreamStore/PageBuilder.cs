using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>Makes pages of the rows that a store has fetched, one more than asked for when there is more.</summary>
internal sealed class PageBuilder(ExpiredMessages expired)
{
    public ReadAllPage All(long from, int maxCount, ReadDirection direction, List<StreamMessage> rows, ReadNextAllPage readNext)
    {
        var isEnd = rows.Count <= maxCount;
        var seen = Math.Min(rows.Count, maxCount);
        var messages = expired.Alive(rows, seen);
        if (direction == ReadDirection.Forward)
        {
            var next = seen == 0 ? from : rows[seen - 1].Position + 1;
            return new ReadAllPage(from, next, isEnd, direction, readNext, messages);
        }

        if (seen == 0) return new ReadAllPage(0, 0, true, direction, readNext, messages);
        return new ReadAllPage(rows[0].Position, rows[isEnd ? seen - 1 : maxCount].Position, isEnd, direction, readNext, messages);
    }

    public static ReadStreamPage Missing(StreamId stream, int from, ReadDirection direction) =>
        new(stream.Value, PageReadStatus.StreamNotFound, from, -1, -1, -1, direction, isEnd: true);

    public ReadStreamPage Stream(
        StreamId stream, int from, int maxCount, ReadDirection direction, int headVersion, long headPosition, List<StreamMessage> rows, ReadNextStreamPage readNext)
    {
        var isEnd = rows.Count <= maxCount;
        var seen = Math.Min(rows.Count, maxCount);
        var next = direction == ReadDirection.Forward
            ? seen == 0 ? headVersion + 1 : rows[seen - 1].StreamVersion + 1
            : seen == 0 ? -1 : rows[seen - 1].StreamVersion - 1;
        return new ReadStreamPage(stream.Value, PageReadStatus.Success, from, next, headVersion, headPosition, direction, isEnd, readNext, expired.Alive(rows, seen));
    }
}
