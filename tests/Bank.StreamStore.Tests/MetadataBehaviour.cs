using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>How the metadata of a stream is set and read; the same for every store.</summary>
public abstract class MetadataBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const string Stream = "stream-1";

    [SkippableTheory]
    [InlineData(ExpectedVersion.Any)]
    [InlineData(ExpectedVersion.NoStream)]
    public async Task Metadata_can_be_set_before_the_stream_exists(int expectedVersion)
    {
        await Store.SetStreamMetadata(Stream, expectedVersion, 30, 100, """{"note":"Größe \"5\"\n"}""");
        AssertMetadata(await Store.GetStreamMetadata(Stream), 0, 30, 100, """{"note":"Größe \"5\"\n"}""");
        Assert.Equal(PageReadStatus.StreamNotFound, (await Store.ReadStreamForwards(Stream, 0, 1)).Status);
    }

    [SkippableFact]
    public async Task Missing_metadata_has_no_version_and_no_values()
    {
        AssertMetadata(await Store.GetStreamMetadata(Stream), -1, null, null, null);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1));
        AssertMetadata(await Store.GetStreamMetadata(Stream), -1, null, null, null);
    }

    [SkippableFact]
    public async Task Metadata_is_replaced_as_a_whole()
    {
        await Store.SetStreamMetadata(Stream, maxAge: 30, metadataJson: "a");
        await Store.SetStreamMetadata(Stream, 0, maxCount: 5);
        AssertMetadata(await Store.GetStreamMetadata(Stream), 1, null, 5, null);
    }

    [SkippableFact]
    public async Task Metadata_is_a_message_of_its_own_stream_as_SqlStreamStore_stores_it()
    {
        await Store.SetStreamMetadata(Stream, maxCount: 2);
        var message = Assert.Single((await Store.ReadStreamForwards("$$stream-1", 0, 10)).Messages);
        const string text = """{"StreamId":"stream-1","MaxAge":null,"MaxCount":2,"MetaJson":null}""";
        Assert.Equal(("$stream-metadata", MetadataMessageIdGenerator.Create(Fixture.MetadataIdStream(Stream), -2, text)), (message.Type, message.MessageId));
        AssertSameJson(text, await message.GetJsonData());
        AssertSameJson(text, await (await Store.ReadAllForwards(0, 1, prefetchJsonData: false)).Messages[0].GetJsonData());
        Assert.Equal(["$$stream-1"], (await Store.ListStreams()).StreamIds);
    }

    [SkippableTheory]
    [InlineData(ExpectedVersion.Any)]
    [InlineData(ExpectedVersion.NoStream)]
    public async Task Setting_the_same_again_changes_nothing(int expectedVersion)
    {
        await Store.SetStreamMetadata(Stream, expectedVersion, 10, 20, "x");
        await Store.SetStreamMetadata(Stream, expectedVersion, 10, 20, "x");
        Assert.Equal(0, (await Store.GetStreamMetadata(Stream)).MetadataStreamVersion);
        Assert.Equal(0, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task Values_that_come_back_after_others_are_set_again()
    {
        foreach (var (maxCount, times) in new[] { (1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 2) })
        {
            for (var time = 0; time < times; time++) await Store.SetStreamMetadata(Stream, maxCount: maxCount);
            Assert.Equal(maxCount, (await Store.GetStreamMetadata(Stream)).MaxCount);
        }

        Assert.Equal(5, (await Store.GetStreamMetadata(Stream)).MetadataStreamVersion);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3));
        Assert.Single((await Store.ReadStreamForwards(Stream, 0, 10)).Messages);
    }

    [SkippableTheory]
    [InlineData(false, ExpectedVersion.EmptyStream)]
    [InlineData(false, 0)]
    [InlineData(true, ExpectedVersion.NoStream)]
    [InlineData(true, ExpectedVersion.EmptyStream)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public async Task Metadata_of_another_version_than_expected_is_not_replaced(bool isSet, int expectedVersion)
    {
        if (isSet)
        {
            await Store.SetStreamMetadata(Stream, maxCount: 1);
            await Store.SetStreamMetadata(Stream, maxCount: 2);
        }

        var refusal = await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Store.SetStreamMetadata(Stream, expectedVersion, maxCount: 3));
        Assert.Equal("$$stream-1", refusal.StreamId!.Value);
        Assert.Equal(isSet ? 2 : null, (await Store.GetStreamMetadata(Stream)).MaxCount);
    }

    [SkippableFact]
    public async Task A_repetition_of_an_earlier_setting_does_not_undo_a_later_one()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3));
        await Store.SetStreamMetadata(Stream, ExpectedVersion.NoStream, maxCount: 3);
        await Store.SetStreamMetadata(Stream, 0, maxCount: 2);
        await Store.SetStreamMetadata(Stream, ExpectedVersion.NoStream, maxCount: 3);
        AssertMetadata(await Store.GetStreamMetadata(Stream), 1, null, 2, null);
        await Store.AppendToStream(Stream, 2, Messages(4));
        Assert.Equal(2, (await Store.ReadStreamForwards(Stream, 0, 10)).Messages.Length);
    }

    [SkippableFact]
    public async Task Of_the_streams_of_the_store_itself_only_the_notes_of_deletions_can_have_metadata()
    {
        await Store.SetStreamMetadata("$deleted", maxCount: 3);
        Assert.Equal(3, (await Store.GetStreamMetadata("$deleted")).MaxCount);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SetStreamMetadata("$$stream-1"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.GetStreamMetadata("$$stream-1"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.SetStreamMetadata((StreamId)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.GetStreamMetadata(null!));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.SetStreamMetadata(Stream, -4));
    }

    [SkippableFact]
    public async Task What_cannot_be_stored_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SetStreamMetadata(Stream, metadataJson: "a\0b"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SetStreamMetadata(Stream, metadataJson: "a\ud800b"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SetStreamMetadata(new string('x', 999), maxCount: 1));
        await Store.SetStreamMetadata(new string('x', Fixture.LongestStreamId - 2), maxCount: 1, metadataJson: "\U0001F600\u0001\b\f\r\t\\");
        Assert.Equal("\U0001F600\u0001\b\f\r\t\\", (await Store.GetStreamMetadata(new string('x', Fixture.LongestStreamId - 2))).MetadataJson);
    }

    [SkippableFact]
    public void The_id_of_metadata_follows_from_its_text()
    {
        const string message = """{"StreamId":"stream-1","MaxAge":null,"MaxCount":2,"MetaJson":null}""";
        Assert.Equal(new Guid("731462a5-7fb1-5e6c-837f-64a38d2415f2"), MetadataMessageIdGenerator.Create("$$stream-1", -2, message));
        Assert.Equal(new Guid("201a15c8-873c-57f1-afae-237c72154d8a"), MetadataMessageIdGenerator.Create("stream-1", -2, message));
    }

    private static void AssertMetadata(StreamMetadataResult metadata, int version, int? maxAge, int? maxCount, string? json) => Assert.Equal(
        (Stream, version, maxAge, maxCount, json), (metadata.StreamId, metadata.MetadataStreamVersion, metadata.MaxAge, metadata.MaxCount, metadata.MetadataJson));
}
