using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>What the deletion of a stream does; the same for every store.</summary>
public abstract class DeleteStreamBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    [SkippableTheory]
    [InlineData(ExpectedVersion.Any)]
    [InlineData(2)]
    public async Task A_deleted_stream_is_gone_and_its_name_may_be_used_again_from_the_first_version(int expectedVersion)
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2, 3));
        await Store.AppendToStream("other", ExpectedVersion.NoStream, Messages(1));
        await Store.DeleteStream("stream-1", expectedVersion);

        Assert.Equal(PageReadStatus.StreamNotFound, (await Store.ReadStreamForwards("stream-1", 0, 10)).Status);
        Assert.Equal(PageReadStatus.StreamNotFound, (await Store.ReadStreamBackwards("stream-1", StreamVersion.End, 10)).Status);
        Assert.Equal((-1, -1L), (await Store.ReadStreamHeadVersion("stream-1"), await Store.ReadStreamHeadPosition("stream-1")));
        Assert.DoesNotContain("stream-1", (await Store.ListStreams()).StreamIds);
        Assert.Equal(["other", "$deleted"], (await Store.ReadAllForwards(0, 10)).Messages.Select(m => m.StreamId));

        var again = await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        Assert.Equal((0, 5L), (again.CurrentVersion, again.CurrentPosition));
    }

    /// <summary>How many messages the stream has (null: missing), how many of the newest are deleted before; expected version; whether it is refused.</summary>
    public static TheoryData<int?, int, int, bool> Expectations => new()
    {
        { null, 0, ExpectedVersion.Any, false },
        { null, 0, ExpectedVersion.NoStream, false },
        { null, 0, ExpectedVersion.EmptyStream, true },
        { null, 0, 0, true },
        { null, 0, 3, true },
        { 0, 0, ExpectedVersion.EmptyStream, false },
        { 0, 0, ExpectedVersion.Any, false },
        { 3, 0, ExpectedVersion.NoStream, true },
        { 3, 0, ExpectedVersion.EmptyStream, true },
        { 3, 0, 0, true },
        { 3, 0, 1, true },
        { 3, 0, 2, false },
        { 3, 0, 3, true },
        { 3, 1, 2, true },
        { 3, 1, 1, false },
        { 3, 3, 2, false },
        { 3, 3, 7, false },
    };

    [SkippableTheory]
    [MemberData(nameof(Expectations))]
    public async Task A_stream_is_deleted_only_at_the_version_of_its_newest_message(int? held, int without, int expectedVersion, bool isRefused)
    {
        if (held is { } count) await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, count)]));
        for (var number = 0; number < without; number++) await Store.DeleteMessage("stream-1", Id(held!.Value - number));
        var before = await Store.ReadHeadPosition();

        if (isRefused)
        {
            var refusal = await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Store.DeleteStream("stream-1", expectedVersion));
            Assert.Equal(ErrorMessages.DeleteStreamFailedWrongExpectedVersion("stream-1", expectedVersion), refusal.Message);
            Assert.Equal(("stream-1", expectedVersion), (refusal.StreamId!.Value, refusal.ExpectedVersion));
        }
        else
        {
            await Store.DeleteStream("stream-1", expectedVersion);
            Assert.Equal(-1, await Store.ReadStreamHeadVersion("stream-1"));
        }

        Assert.Equal(before + (held is not null && !isRefused ? 1 : 0), await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task The_deletion_of_a_stream_and_of_its_metadata_is_noted_after_them()
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        await Store.SetStreamMetadata("stream-1", maxCount: 10);
        await Store.DeleteStream("stream-1");

        var notes = (await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 10)).Messages;
        Assert.Equal([Deleted.StreamDeletedMessageType, Deleted.StreamDeletedMessageType], notes.Select(m => m.Type));
        Assert.Equal([2L, 3L], notes.Select(m => m.Position));
        Assert.Equal("stream-1", (await notes[0].GetJsonDataAs<Deleted.StreamDeleted>())!.StreamId);
        Assert.Equal("$$stream-1", (await notes[1].GetJsonDataAs<Deleted.StreamDeleted>())!.StreamId);
        AssertSameJson("""{"StreamId":"stream-1"}""", await notes[0].GetJsonData());
        Assert.Equal(-1, (await Store.GetStreamMetadata("stream-1")).MetadataStreamVersion);
        Assert.Equal([Deleted.DeletedStreamId], (await Store.ListStreams()).StreamIds);
    }

    [SkippableFact]
    public async Task The_metadata_of_a_stream_that_never_existed_can_be_deleted()
    {
        await Store.SetStreamMetadata("stream-1", maxCount: 10);
        await Store.DeleteStream("stream-1");
        Assert.Equal(-1, (await Store.GetStreamMetadata("stream-1")).MetadataStreamVersion);
    }

    [SkippableFact]
    public async Task A_deletion_is_not_noted_when_that_is_switched_off_while_the_store_lives()
    {
        Skip.IfNot(Fixture.CanDisableDeletionTracking, "This store notes all deletions.");
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        await Store.AppendToStream("stream-2", ExpectedVersion.NoStream, Messages(1, 2));
        Fixture.DisableDeletionTracking();
        await Store.DeleteStream("stream-1");
        await Store.DeleteMessage("stream-2", Id(2));
        Assert.Equal(PageReadStatus.StreamNotFound, (await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 1)).Status);
        Assert.Equal(1, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task Pages_read_before_and_after_a_stream_was_deleted_and_made_anew_tell_the_two_apart()
    {
        for (var number = 0; number < 4; number++)
        {
            await Store.AppendToStream("stream-1", ExpectedVersion.Any, Messages(10 + number));
            await Store.AppendToStream("stream-2", ExpectedVersion.Any, Messages(20 + number));
        }

        var page = await Store.ReadAllForwards(0, 3);
        Assert.Equal([("stream-1", Id(10)), ("stream-2", Id(20)), ("stream-1", Id(11))], page.Messages.Select(m => (m.StreamId, m.MessageId)));
        await Store.DeleteStream("stream-1");
        await Store.AppendToStream("stream-3", ExpectedVersion.NoStream, Messages(30));
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(40));
        page = await page.ReadNext();
        Assert.Equal([("stream-2", 1), ("stream-2", 2), ("stream-2", 3)], page.Messages.Select(m => (m.StreamId, m.StreamVersion)));
        page = await page.ReadNext();
        Assert.Equal([(Deleted.DeletedStreamId, 0), ("stream-3", 0), ("stream-1", 0)], page.Messages.Select(m => (m.StreamId, m.StreamVersion)));
        Assert.Equal((Id(40), true), (page.Messages[^1].MessageId, page.IsEnd));
    }

    [SkippableFact]
    public async Task The_position_of_a_deleted_newest_message_is_not_given_out_again()
    {
        if (Fixture.CanDisableDeletionTracking) Fixture.DisableDeletionTracking();
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2, 3));
        await Store.DeleteStream("stream-1");
        var result = await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        Assert.Equal((0, Fixture.CanDisableDeletionTracking ? 3L : 4L), (result.CurrentVersion, result.CurrentPosition));
    }

    [SkippableFact]
    public async Task Json_of_a_message_whose_stream_was_deleted_meanwhile_is_null()
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        var message = (await Store.ReadAllForwards(0, 1, prefetchJsonData: false)).Messages[0];
        await Store.DeleteStream("stream-1");
        Assert.Null(await message.GetJsonData());
    }

    [SkippableFact]
    public async Task Json_of_a_message_is_never_that_of_another_one_that_took_its_place()
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        var read = new[] { (await Store.ReadAllForwards(0, 1, prefetchJsonData: false)).Messages[0], (await Store.ReadStreamForwards("stream-1", 0, 1, prefetchJsonData: false)).Messages[0] };
        await Store.DeleteStream("stream-1");
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(2));
        foreach (var message in read) Assert.Null(await message.GetJsonData());
    }

    [SkippableFact]
    public async Task Streams_of_the_store_itself_cannot_be_deleted()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteStream("$deleted"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteStream("$$stream-1"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.DeleteStream((StreamId)null!));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.DeleteStream("stream-1", -4));
    }
}
