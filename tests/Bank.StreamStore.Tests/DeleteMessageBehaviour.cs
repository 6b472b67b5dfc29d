using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>What the deletion of a message does; the same for every store.</summary>
public abstract class DeleteMessageBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const string Stream = "stream-1";

    [SkippableFact]
    public async Task A_deleted_message_is_gone_and_noted()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3));
        await Store.DeleteMessage(Stream, Id(2));

        Assert.Equal([0, 2], (await Store.ReadStreamForwards(Stream, 0, 10)).Messages.Select(m => m.StreamVersion));
        var note = Assert.Single((await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 10)).Messages);
        Assert.Equal((Deleted.MessageDeletedMessageType, 3L), (note.Type, note.Position));
        AssertSameJson($$"""{"StreamId":"stream-1","MessageId":"{{Id(2)}}"}""", await note.GetJsonData());
        var what = await note.GetJsonDataAs<Deleted.MessageDeleted>();
        Assert.Equal((Stream, Id(2)), (what!.StreamId, what.MessageId));
    }

    [SkippableFact]
    public async Task Deleting_what_is_not_there_changes_nothing()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1));
        await Store.DeleteMessage(Stream, Id(2));
        await Store.DeleteMessage("missing", Id(1));
        Assert.Equal(0, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task The_version_of_a_deleted_newest_message_is_not_given_out_again()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3));
        await Store.DeleteMessage(Stream, Id(3));
        Assert.Equal(2, (await Store.ReadStreamForwards(Stream, 0, 10)).LastStreamVersion);
        Assert.Equal(3, (await Store.AppendToStream(Stream, 2, Messages(4))).CurrentVersion);
        var page = await Store.ReadStreamBackwards(Stream, StreamVersion.End, 10);
        Assert.Equal([3, 1, 0], page.Messages.Select(m => m.StreamVersion));
        Assert.Equal(3, page.LastStreamVersion);
    }

    [SkippableFact]
    public async Task A_stream_of_which_all_messages_were_deleted_is_still_there()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2));
        foreach (var number in (int[])[1, 2]) await Store.DeleteMessage(Stream, Id(number));
        var forwards = await Store.ReadStreamForwards(Stream, 0, 10);
        Assert.Empty(forwards.Messages);
        Assert.Equal((PageReadStatus.Success, 1, 2, true), (forwards.Status, forwards.LastStreamVersion, forwards.NextStreamVersion, forwards.IsEnd));
        var backwards = await Store.ReadStreamBackwards(Stream, StreamVersion.End, 10);
        Assert.Equal((PageReadStatus.Success, 1, -1, true), (backwards.Status, backwards.LastStreamVersion, backwards.NextStreamVersion, backwards.IsEnd));
        Assert.Contains(Stream, (await Store.ListStreams()).StreamIds);
    }

    [SkippableFact]
    public async Task Pages_go_on_across_deleted_messages()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 10)]));
        foreach (var number in (int[])[2, 3, 4, 9]) await Store.DeleteMessage(Stream, Id(number));
        var page = await Store.ReadStreamForwards(Stream, 0, 2);
        Assert.Equal([0, 4], page.Messages.Select(m => m.StreamVersion));
        Assert.Equal((5, false), (page.NextStreamVersion, page.IsEnd));
        page = await Store.ReadStreamForwards(Stream, 1, 2);
        Assert.Equal([4, 5], page.Messages.Select(m => m.StreamVersion));
        page = await Store.ReadStreamBackwards(Stream, 8, 3);
        Assert.Equal([7, 6, 5], page.Messages.Select(m => m.StreamVersion));
        var all = await Store.ReadAllForwards(1, 2);
        Assert.Equal([4L, 5L], all.Messages.Select(m => m.Position));
        Assert.Equal((1L, 6L, false), (all.FromPosition, all.NextPosition, all.IsEnd));
        all = await Store.ReadAllBackwards(3, 2);
        Assert.Equal((0L, 0L, true), (all.FromPosition, all.NextPosition, all.IsEnd));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(50)]
    public async Task Reading_ahead_goes_on_across_deleted_messages(int pageSize)
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 40)]));
        foreach (var number in (int[])[2, 3, 4, 5, 6, 7, 8, 9, 11, 20, 21, 30, 40]) await Store.DeleteMessage(Stream, Id(number));
        var all = await Store.ReadAllForwards(0, 100);
        var positions = new List<long>();
        await foreach (var message in Store.ReadAllAhead(0, pageSize)) positions.Add(message.Position);
        Assert.Equal(all.Messages.Select(message => message.Position), positions);
    }

    [SkippableFact]
    public async Task A_repetition_of_deleted_messages_is_no_longer_recognised()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2));
        await Store.DeleteMessage(Stream, Id(1));
        await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2)));
        await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Store.AppendToStream(Stream, ExpectedVersion.Any, Messages(1, 2)));
        Assert.Equal(2, (await Store.AppendToStream(Stream, ExpectedVersion.Any, Messages(1))).CurrentVersion);
    }

    [SkippableFact]
    public async Task A_repetition_of_an_older_message_after_the_newest_was_deleted_does_not_lower_the_version()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3));
        await Store.DeleteMessage(Stream, Id(3));
        Assert.Equal(2, (await Store.AppendToStream(Stream, ExpectedVersion.Any, Messages(1))).CurrentVersion);
        Assert.Equal(2, await Store.ReadStreamHeadVersion(Stream));
        Assert.Equal(3, (await Store.AppendToStream(Stream, 2, Messages(4))).CurrentVersion);
    }

    [SkippableFact]
    public async Task Json_of_a_message_that_was_deleted_meanwhile_is_null()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2));
        var message = (await Store.ReadStreamForwards(Stream, 0, 1, prefetchJsonData: false)).Messages[0];
        await Store.DeleteMessage(Stream, Id(1));
        Assert.Null(await message.GetJsonData());
        Assert.Null(await message.GetJsonDataAs<object>());
    }

    [SkippableFact]
    public async Task Messages_of_the_store_itself_cannot_be_deleted()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteMessage("$deleted", Id(1)));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.DeleteMessage((StreamId)null!, Id(1)));
    }
}
