using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>What pages hold; the same for every store.</summary>
public abstract class ReadBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    [SkippableTheory]
    [InlineData(0, 2, new[] { 0, 1 }, 2, false)]
    [InlineData(1, 2, new[] { 1, 2 }, 3, true)]
    [InlineData(0, 3, new[] { 0, 1, 2 }, 3, true)]
    [InlineData(0, int.MaxValue, new[] { 0, 1, 2 }, 3, true)]
    [InlineData(3, 1, new int[0], 3, true)]
    [InlineData(9, 1, new int[0], 3, true)]
    [InlineData(int.MaxValue, int.MaxValue, new int[0], 3, true)]
    public async Task A_stream_is_read_forwards_in_pages(int from, int count, int[] versions, int next, bool isEnd)
    {
        await ThreeAmongOthers();
        AssertPage(await Store.ReadStreamForwards("stream-1", from, count), from, versions, next, isEnd, ReadDirection.Forward);
    }

    [SkippableTheory]
    [InlineData(-1, 2, new[] { 2, 1 }, 0, false)]
    [InlineData(2, 1, new[] { 2 }, 1, false)]
    [InlineData(1, 2, new[] { 1, 0 }, -1, true)]
    [InlineData(-1, 10, new[] { 2, 1, 0 }, -1, true)]
    [InlineData(9, 1, new[] { 2 }, 1, false)]
    [InlineData(int.MaxValue, int.MaxValue, new[] { 2, 1, 0 }, -1, true)]
    [InlineData(0, 1, new[] { 0 }, -1, true)]
    public async Task A_stream_is_read_backwards_in_pages(int from, int count, int[] versions, int next, bool isEnd)
    {
        await ThreeAmongOthers();
        AssertPage(await Store.ReadStreamBackwards("stream-1", from, count), from, versions, next, isEnd, ReadDirection.Backward);
    }

    [SkippableFact]
    public async Task A_missing_stream_is_not_found()
    {
        await ThreeAmongOthers();
        foreach (var page in new[] { await Store.ReadStreamForwards("missing", 4, 2), await Store.ReadStreamBackwards("missing", 4, 2) })
        {
            Assert.Equal((PageReadStatus.StreamNotFound, 4, -1, -1, -1L, true), (page.Status, page.FromStreamVersion, page.NextStreamVersion, page.LastStreamVersion, page.LastStreamPosition, page.IsEnd));
            Assert.Empty(page.Messages);
        }
    }

    [SkippableFact]
    public async Task An_empty_stream_is_there_without_messages()
    {
        await Store.AppendToStream("empty", ExpectedVersion.NoStream, []);
        var forwards = await Store.ReadStreamForwards("empty", 0, 1);
        Assert.Equal((PageReadStatus.Success, 0, 0, -1, -1L, true), (forwards.Status, forwards.FromStreamVersion, forwards.NextStreamVersion, forwards.LastStreamVersion, forwards.LastStreamPosition, forwards.IsEnd));
        var backwards = await Store.ReadStreamBackwards("empty", StreamVersion.End, 1);
        Assert.Equal((PageReadStatus.Success, -1, -1, -1, -1L, true), (backwards.Status, backwards.FromStreamVersion, backwards.NextStreamVersion, backwards.LastStreamVersion, backwards.LastStreamPosition, backwards.IsEnd));
    }

    [SkippableFact]
    public async Task Pages_of_a_stream_follow_each_other()
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 25)]));
        var versions = new List<int>();
        for (var page = await Store.ReadStreamForwards("stream-1", 0, 10); ; page = await page.ReadNext())
        {
            versions.AddRange(page.Messages.Select(m => m.StreamVersion));
            if (page.IsEnd) break;
        }

        Assert.Equal(Enumerable.Range(0, 25), versions);
    }

    [SkippableFact]
    public async Task Pages_follow_each_other_backwards_and_after_the_last_the_first_comes_again()
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 25)]));
        var versions = new List<int>();
        var page = await Store.ReadStreamBackwards("stream-1", StreamVersion.End, 10);
        for (; ; page = await page.ReadNext())
        {
            versions.AddRange(page.Messages.Select(m => m.StreamVersion));
            if (page.IsEnd) break;
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse(), versions);
        Assert.Equal(24, (await page.ReadNext()).Messages[0].StreamVersion);
        var positions = new List<long>();
        for (var all = await Store.ReadAllBackwards(Position.End, 10); ; all = await all.ReadNext())
        {
            Assert.Equal(ReadDirection.Backward, all.Direction);
            positions.AddRange(all.Messages.Select(m => m.Position));
            if (all.IsEnd) break;
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(position => (long)position), positions);
    }

    [SkippableFact]
    public async Task A_page_at_the_end_is_followed_by_what_came_since()
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2));
        var (one, all) = (await Store.ReadStreamForwards("stream-1", 0, 10), await Store.ReadAllForwards(0, 10));
        await Store.AppendToStream("stream-1", 1, Messages(3));
        Assert.Equal([2], (await one.ReadNext()).Messages.Select(message => message.StreamVersion));
        Assert.Equal([2L], (await all.ReadNext()).Messages.Select(message => message.Position));
    }

    [SkippableFact]
    public async Task A_missing_stream_has_no_next_page()
    {
        await Assert.ThrowsAsync<NotSupportedException>(async () => await (await Store.ReadStreamForwards("missing", 0, 1)).ReadNext());
        await Assert.ThrowsAsync<NotSupportedException>(async () => await (await Store.ReadStreamBackwards("missing", StreamVersion.End, 1)).ReadNext());
    }

    [SkippableTheory]
    [InlineData(0, 2, new[] { 0, 1 }, 0, 2, false)]
    [InlineData(1, 2, new[] { 1, 2 }, 1, 3, true)]
    [InlineData(3, 1, new int[0], 3, 3, true)]
    [InlineData(7, 1, new int[0], 7, 7, true)]
    [InlineData(0, int.MaxValue, new[] { 0, 1, 2 }, 0, 3, true)]
    [InlineData(long.MaxValue, int.MaxValue, new int[0], long.MaxValue, long.MaxValue, true)]
    public async Task The_all_stream_is_read_forwards_in_pages(long from, int count, int[] positions, long firstPosition, long next, bool isEnd)
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2, 3));
        AssertPage(await Store.ReadAllForwards(from, count), positions, firstPosition, next, isEnd);
    }

    [SkippableTheory]
    [InlineData(-1, 1, new[] { 2 }, 2, 1, false)]
    [InlineData(1, 2, new[] { 1, 0 }, 1, 0, true)]
    [InlineData(0, 1, new[] { 0 }, 0, 0, true)]
    [InlineData(-1, 4, new[] { 2, 1, 0 }, 2, 0, true)]
    [InlineData(9, 1, new[] { 2 }, 2, 1, false)]
    [InlineData(long.MaxValue, int.MaxValue, new[] { 2, 1, 0 }, 2, 0, true)]
    public async Task The_all_stream_is_read_backwards_in_pages(long from, int count, int[] positions, long firstPosition, long next, bool isEnd)
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2, 3));
        AssertPage(await Store.ReadAllBackwards(from, count), positions, firstPosition, next, isEnd);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(1000)]
    public async Task Each_message_of_a_page_of_the_all_stream_has_the_name_of_its_stream(int count)
    {
        var names = new List<string>();
        for (var number = 0; number < 60; number++)
        {
            // Some streams come once in a page, some often, and not in the order in which they were made.
            names.Add($"stream-{number * number % 23}");
            await Store.AppendToStream(names[^1], ExpectedVersion.Any, Messages(number + 1));
        }

        var forwards = new List<(long, string, Guid)>();
        for (var page = await Store.ReadAllForwards(0, count, prefetchJsonData: false); ; page = await page.ReadNext())
        {
            forwards.AddRange(page.Messages.Select(m => (m.Position, m.StreamId, m.MessageId)));
            if (page.IsEnd) break;
        }

        var ahead = new List<(long, string, Guid)>();
        await foreach (var message in Store.ReadAllAhead(0, count)) ahead.Add((message.Position, message.StreamId, message.MessageId));
        var backwards = (await Store.ReadAllBackwards(Position.End, 60)).Messages.Select(m => (m.Position, m.StreamId, m.MessageId));
        var expected = names.Select((name, number) => ((long)number, name, Id(number + 1))).ToList();
        Assert.Equal(expected, forwards);
        Assert.Equal(expected, ahead);
        Assert.Equal(expected, backwards.Reverse());
    }

    [SkippableFact]
    public async Task An_empty_store_has_a_head_and_pages_too()
    {
        Assert.Equal(-1, await Store.ReadHeadPosition());
        Assert.Equal((-1, -1L), (await Store.ReadStreamHeadVersion("missing"), await Store.ReadStreamHeadPosition("missing")));
        AssertPage(await Store.ReadAllForwards(0, 10), [], 0, 0, true);
        AssertPage(await Store.ReadAllBackwards(-1, 1), [], 0, 0, true);
        Assert.Empty((await Store.ListStreams()).StreamIds);
        await Store.AppendToStream("empty", ExpectedVersion.NoStream, []);
        Assert.Equal((-1, -1, -1L), (await Store.ReadHeadPosition(), await Store.ReadStreamHeadVersion("empty"), await Store.ReadStreamHeadPosition("empty")));
    }

    [SkippableFact]
    public async Task Json_that_was_not_read_with_the_page_is_read_when_asked_for()
    {
        await ThreeAmongOthers();
        StreamMessage[] messages =
        [
            (await Store.ReadAllForwards(3, 1, prefetchJsonData: false)).Messages[0], (await Store.ReadAllBackwards(3, 1, prefetchJsonData: false)).Messages[0],
            (await Store.ReadStreamForwards("stream-1", 2, 1, prefetchJsonData: false)).Messages[0],
            (await Store.ReadStreamBackwards("stream-1", StreamVersion.End, 1, prefetchJsonData: false)).Messages[0],
            (await (await Store.ReadStreamForwards("stream-1", 0, 2, prefetchJsonData: false)).ReadNext()).Messages[0],
        ];
        foreach (var message in messages)
        {
            Assert.Equal(("stream-1", 2, 3L, Id(3), "type"), (message.StreamId, message.StreamVersion, message.Position, message.MessageId, message.Type));
            AssertSameJson("""{"number":3}""", await message.GetJsonData());
        }
    }

    [SkippableFact]
    public async Task Streams_are_listed_in_order_of_creation_page_by_page()
    {
        string[] ids = ["b", "a", "7c9e6679-7425-40de-944b-e07fc1f90ae7", "c", "{0x7c9e6679,0x7425,0x40de,{0x94,0x4b,0xe0,0x7f,0xc1,0xf9,0x0a,0xe7}}"];
        foreach (var id in ids) await Store.AppendToStream(id, ExpectedVersion.NoStream, id == "c" ? [] : Messages(1));
        var listed = new List<string>();
        var page = await Store.ListStreams(2);
        for (; page.StreamIds.Length > 0; page = await page.Next()) listed.AddRange(page.StreamIds);
        Assert.Equal(ids, listed);
    }

    [SkippableFact]
    public async Task What_a_read_may_not_ask_is_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadAllForwards(-1, 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadAllForwards(0, 0));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadAllBackwards(-2, 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadStreamForwards("s", -1, 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadStreamBackwards("s", -2, 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadAllBackwards(0, 0));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadStreamForwards("s", 0, 0));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadStreamBackwards("s", 0, 0));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadStreamForwards((StreamId)null!, 0, 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ListStreams(0));
    }

    private static void AssertPage(ReadStreamPage page, int from, int[] versions, int next, bool isEnd, ReadDirection direction)
    {
        Assert.Equal(versions, page.Messages.Select(m => m.StreamVersion));
        Assert.Equal((PageReadStatus.Success, from, next, isEnd, direction), (page.Status, page.FromStreamVersion, page.NextStreamVersion, page.IsEnd, page.ReadDirection));
        Assert.Equal((2, 3L), (page.LastStreamVersion, page.LastStreamPosition));
    }

    private static void AssertPage(ReadAllPage page, int[] positions, long first, long next, bool isEnd)
    {
        Assert.Equal(positions, page.Messages.Select(m => (int)m.Position));
        Assert.Equal((first, next, isEnd), (page.FromPosition, page.NextPosition, page.IsEnd));
    }

    private async Task ThreeAmongOthers()
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2));
        await Store.AppendToStream("other", ExpectedVersion.NoStream, Messages(1));
        await Store.AppendToStream("stream-1", 1, Messages(3));
        await Store.AppendToStream("other", 0, Messages(2));
    }
}
