using System.Collections.Concurrent;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>How the limits of a stream are kept; the same for every store.</summary>
public abstract class LimitsBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const string Stream = "stream-1";

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_the_newest_messages_are_kept_when_an_append_returns(bool limitComesFirst)
    {
        if (limitComesFirst) await Store.SetStreamMetadata(Stream, maxCount: 4);
        await Store.AppendToStream(Stream, ExpectedVersion.Any, Messages(1, 2, 3));
        if (!limitComesFirst) await Store.SetStreamMetadata(Stream, maxCount: 4);
        Assert.Equal([0, 1, 2], await Versions());
        var result = await Store.AppendToStream(Stream, 2, Messages(4, 5, 6));
        Assert.Equal(5, result.CurrentVersion);
        Assert.Equal([2, 3, 4, 5], await Versions());
        var notes = (await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 10)).Messages;
        Assert.Equal([Id(1), Id(2)], await Task.WhenAll(notes.Select(async note => (await note.GetJsonDataAs<Deleted.MessageDeleted>())!.MessageId)));
    }

    [SkippableFact]
    public async Task A_limit_holds_for_its_stream_alone_among_appends_that_travel_together()
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(number => $"stream-{number}")];
        var id = 0;
        for (var version = -1; version < 8; version += 2)
        {
            // In the middle: what a store remembers of the stream by then is that it has none.
            if (version == 3) await Store.SetStreamMetadata(Stream, maxCount: 2);
            var expected = version < 0 ? ExpectedVersion.NoStream : version;
            var results = await Task.WhenAll(names.Select(name => Store.AppendToStream(name, expected, Messages(++id, ++id))));
            Assert.All(results, result => Assert.Equal(version + 2, result.CurrentVersion));
        }

        Assert.Equal([8, 9], await Versions());
        foreach (var name in names.Where(name => name != Stream)) Assert.Equal(10, (await Store.ReadStreamForwards(name, 0, 20)).Messages.Length);
    }

    [SkippableFact]
    public async Task A_lower_limit_holds_when_it_has_been_set()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3, 4, 5));
        await Store.SetStreamMetadata(Stream, maxCount: 2);
        Assert.Equal([3, 4], await Versions());
        Assert.Equal(3, (await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 10)).Messages.Length);
    }

    [SkippableFact]
    public async Task A_limit_that_removes_very_many_messages_holds_when_it_has_been_set()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 1200)]));
        await Store.SetStreamMetadata(Stream, maxCount: 10);
        Assert.Equal(Enumerable.Range(1190, 10), await Versions());
        Assert.Equal(1189, await Store.ReadStreamHeadVersion(Deleted.DeletedStreamId));
    }

    [SkippableFact]
    public async Task A_large_append_to_a_new_stream_with_a_limit_keeps_its_end()
    {
        await Store.SetStreamMetadata(Stream, maxCount: 2);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3, 4, 5));
        Assert.Equal([3, 4], await Versions());
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task No_number_means_no_limit(int? none)
    {
        await Store.SetStreamMetadata(Stream, maxCount: 1);
        await Store.SetStreamMetadata(Stream, 0, maxAge: none, maxCount: none);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3));
        Now += TimeSpan.FromDays(1000);
        Assert.Equal([0, 1, 2], await Versions());
    }

    [SkippableFact]
    public async Task A_limit_counts_messages_and_not_versions()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3, 4));
        await Store.DeleteMessage(Stream, Id(3));
        await Store.SetStreamMetadata(Stream, maxCount: 3);
        Assert.Equal([0, 1, 3], await Versions());
    }

    [SkippableFact]
    public async Task The_notes_of_deletions_can_be_limited_and_no_note_is_written_of_that()
    {
        await Store.SetStreamMetadata(Deleted.DeletedStreamId, maxCount: 2);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3, 4, 5));
        for (var number = 1; number <= 4; number++) await Store.DeleteMessage(Stream, Id(number));
        var notes = (await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 10)).Messages;
        Assert.Equal([Id(3), Id(4)], await Task.WhenAll(notes.Select(async note => (await note.GetJsonDataAs<Deleted.MessageDeleted>())!.MessageId)));
    }

    [SkippableFact]
    public async Task Messages_that_are_too_old_are_not_read_and_then_deleted()
    {
        await Store.SetStreamMetadata(Stream, maxAge: 10);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2));
        Now += TimeSpan.FromSeconds(9);
        await Store.AppendToStream(Stream, 1, Messages(3));
        Assert.Equal([0, 1, 2], await Versions());
        Now += TimeSpan.FromSeconds(1);
        Assert.Equal([2], await Versions());
        Assert.Equal([2], (await Store.ReadStreamBackwards(Stream, StreamVersion.End, 10)).Messages.Select(m => m.StreamVersion));
        Assert.Equal([Id(3)], (await Store.ReadAllForwards(0, 100)).Messages.Where(m => m.StreamId == Stream).Select(m => m.MessageId));
        await UntilPurged(2);
        Assert.Equal([2], await Versions());
    }

    [SkippableFact]
    public async Task A_limit_of_age_is_none_of_number_also_when_an_append_is_repeated()
    {
        await Store.SetStreamMetadata(Stream, maxAge: 3);
        for (var time = 0; time < 2; time++) await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 10)]));
        for (var time = 0; time < 2; time++) await Store.AppendToStream(Stream, ExpectedVersion.Any, Messages([.. Enumerable.Range(11, 10)]));
        Assert.Equal(Enumerable.Range(0, 20), await Versions());
        Assert.Equal(PageReadStatus.StreamNotFound, (await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 1)).Status);
    }

    [SkippableFact]
    public async Task A_stream_of_which_all_messages_are_too_old_is_still_there()
    {
        await Store.SetStreamMetadata(Stream, maxAge: 10);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2));
        Now += TimeSpan.FromSeconds(10);
        var page = await Store.ReadStreamForwards(Stream, 0, 10);
        Assert.Empty(page.Messages);
        Assert.Equal((PageReadStatus.Success, 1, 2, true), (page.Status, page.LastStreamVersion, page.NextStreamVersion, page.IsEnd));
        await UntilPurged(2);
        Assert.Equal(2, (await Store.AppendToStream(Stream, 1, Messages(3))).CurrentVersion);
    }

    [SkippableFact]
    public async Task Pages_of_nothing_but_old_messages_do_not_stop_those_who_page()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 30)]));
        Now += TimeSpan.FromSeconds(60);
        await Store.AppendToStream(Stream, 29, Messages(31, 32, 33));
        await Store.AppendToStream("other", ExpectedVersion.NoStream, Messages(1));
        await Store.SetStreamMetadata(Stream, maxAge: 30);
        var followed = new ConcurrentQueue<int>();
        using var subscription = Store.SubscribeToStream(Stream, null, (_, message, _) =>
        {
            followed.Enqueue(message.StreamVersion);
            return Task.CompletedTask;
        });

        var forwards = new List<int>();
        for (var page = await Store.ReadStreamForwards(Stream, 0, 2); ; page = await page.ReadNext())
        {
            forwards.AddRange(page.Messages.Select(m => m.StreamVersion));
            if (page.IsEnd) break;
            Assert.NotEmpty(page.Messages);
        }

        Assert.Equal([30, 31, 32], forwards);
        var backwards = new List<int>();
        for (var page = await Store.ReadStreamBackwards(Stream, StreamVersion.End, 2); ; page = await page.ReadNext())
        {
            backwards.AddRange(page.Messages.Select(m => m.StreamVersion));
            if (page.IsEnd) break;
            Assert.NotEmpty(page.Messages);
        }

        Assert.Equal([32, 31, 30], backwards);
        var all = new List<long>();
        for (var page = await Store.ReadAllForwards(0, 2); all.Count < 100; page = await page.ReadNext())
        {
            all.AddRange(page.Messages.Where(m => !m.StreamId.StartsWith('$')).Select(m => m.Position));
            if (page.IsEnd) break;
        }

        Assert.Equal([30L, 31L, 32L, 33L], all);
        await Until(() => followed.Count == 3, "what is not too old");
        Assert.Equal([30, 31, 32], followed);
        await UntilPurged(30);
    }

    [SkippableFact]
    public async Task A_longer_limit_of_age_holds_instead_of_a_shorter_one()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1));
        await Store.SetStreamMetadata(Stream, maxAge: 10);
        await Store.SetStreamMetadata(Stream, 0, maxAge: 100);
        Now += TimeSpan.FromSeconds(50);
        Assert.Equal([0], await Versions());
        Now += TimeSpan.FromSeconds(50);
        Assert.Empty(await Versions());
        await UntilPurged(1);
    }

    [SkippableFact]
    public async Task A_limit_of_age_that_is_set_or_lifted_between_two_pages_holds_for_the_second()
    {
        for (var version = -1; version < 7; version++) await Store.AppendToStream(version % 2 == 0 ? "other" : Stream, ExpectedVersion.Any, Messages(version + 2));
        Now += TimeSpan.FromSeconds(60);
        var page = await Store.ReadAllForwards(0, 2);
        Assert.Equal([0L, 1L], page.Messages.Select(m => m.Position));
        await Store.SetStreamMetadata(Stream, maxAge: 30);
        Assert.Equal([3L], (await page.ReadNext()).Messages.Select(m => m.Position));
        Assert.Equal([3L, 1L], (await Store.ReadAllBackwards(3, 4)).Messages.Select(m => m.Position));
        await UntilPurged(4);
        await Store.SetStreamMetadata("other", maxAge: 30);
        await Store.SetStreamMetadata("other", 0);
        Assert.Equal([1L, 3L, 5L, 7L], (await Store.ReadAllForwards(0, 100)).Messages.Where(m => m.StreamId == "other").Select(m => m.Position));
    }

    [SkippableFact]
    public async Task What_the_store_itself_has_noted_is_never_too_old()
    {
        await Store.SetStreamMetadata(Deleted.DeletedStreamId, maxAge: 1);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1));
        await Store.DeleteMessage(Stream, Id(1));
        Now += TimeSpan.FromDays(1);
        Assert.Single((await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 10)).Messages);
    }

    private async Task<IEnumerable<int>> Versions() => (await Store.ReadStreamForwards(Stream, 0, 100)).Messages.Select(m => m.StreamVersion);

    /// <summary>Reads until so many deletions were noted; reading is what sets off the deletion.</summary>
    private async Task UntilPurged(int count)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while ((await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 100)).Messages.Length < count)
        {
            Assert.True(DateTime.UtcNow < deadline, $"Never happened: {count} old messages deleted");
            await Task.Delay(10);
            await Versions();
        }

        Assert.Equal(count, (await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 100)).Messages.Length);
    }
}
