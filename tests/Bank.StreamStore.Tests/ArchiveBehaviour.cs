using Bank.StreamStore.Archiving;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>Payloads of old messages are moved to the archive, and nobody who reads sees a difference.</summary>
public abstract class ArchiveBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const int MostInSegment = 500;

    protected IStreamArchive Archive => (IStreamArchive)Store;

    /// <summary>The name of the table of the archive in statements.</summary>
    protected abstract string Table { get; }

    protected abstract Task<object?> Execute(string statement);

    [SkippableFact]
    public async Task Everything_reads_as_before_in_pages_of_any_size()
    {
        await Fill(1200);
        var before = await Everything(Store);
        Now += TimeSpan.FromDays(1);
        var segments = await All(Archive.Archive(Now));
        Assert.Equal([500, 500, 200], segments.Select(segment => segment.Messages));
        Assert.Equal((0L, 1199L), (segments[0].FirstPosition, segments[^1].LastPosition));
        Assert.All(segments, segment => Assert.InRange(segment.ArchivedBytes, 1, segment.Bytes / 2));
        Assert.Equal(before, await Everything(Store));
        Assert.Equal(before, await Everything(await Open(), pageSize: 7));
        Assert.Equal(before, await Everything(await Open(), prefetch: false));
    }

    [SkippableFact]
    public async Task All_ways_of_reading_have_the_same_messages_as_before()
    {
        await Fill(60);
        var all = (await Store.ReadAllForwards(0, 100)).Messages;
        var expected = await Texts(all);
        await All(Archive.Archive(Now.AddDays(1)));
        Assert.Equal(expected.Reverse(), await Texts((await Store.ReadAllBackwards(Position.End, 100)).Messages));
        Assert.Equal(expected.Where(text => text.Contains(" a ", StringComparison.Ordinal)), await Texts((await Store.ReadStreamForwards("a", 0, 100)).Messages));
        Assert.Equal(expected.Where(text => text.Contains(" b ", StringComparison.Ordinal)).Reverse(), await Texts((await Store.ReadStreamBackwards("b", StreamVersion.End, 100)).Messages));
        var ahead = new List<StreamMessage>();
        await foreach (var message in Store.ReadAllAhead(0, pageSize: 13)) ahead.Add(message);
        Assert.Equal(expected, await Texts(ahead));
        Assert.All(all.Zip(ahead), pair => Assert.Equal(
            pair.First.GetJsonDataUtf8().AsTask().Result.ToArray(), pair.Second.GetJsonDataUtf8().AsTask().Result.ToArray()));

        var followed = new List<StreamMessage>();
        using var subscription = Store.SubscribeToAll(null, (_, message, _) =>
        {
            lock (followed) followed.Add(message);
            return Task.CompletedTask;
        }, prefetchJsonData: false);
        await Until(() => followed.Count == 60, "60 messages");
        Assert.Equal(expected, await Texts(followed));
    }

    [SkippableFact]
    public async Task A_segment_is_bounded_by_its_text_however_well_the_database_compresses_it()
    {
        const int megabyte = 1024 * 1024;
        var text = $"{{\"text\":\"{new string('x', 3 * megabyte / 2)}\"}}";
        for (var number = 0; number < 6; number++) await Store.AppendToStream("large", ExpectedVersion.Any, new NewStreamMessage(Guid.NewGuid(), "large", text));
        var segments = await All(Archive.Archive(Now.AddDays(1)));
        Assert.Equal(6, segments.Sum(segment => segment.Messages));
        Assert.All(segments, segment => Assert.InRange(segment.Bytes, megabyte, 4 * megabyte));
        Assert.Equal(text.Length, (await (await Store.ReadStreamForwards("large", 5, 1)).Messages[0].GetJsonData())!.Replace(" ", "", StringComparison.Ordinal).Length);
    }

    [SkippableFact]
    public async Task Only_what_comes_before_the_first_message_of_a_time_is_archived()
    {
        await Fill(10);
        Now += TimeSpan.FromDays(1);
        var time = Now;
        await Fill(10, firstId: 100);
        // A clock that was set back.
        Now -= TimeSpan.FromDays(2);
        await Fill(10, firstId: 200);
        Assert.Equal([new ArchivableMessages(0, 9, 10, (await All(Archive.FindArchivable(time))).Single().Bytes)], await All(Archive.FindArchivable(time)));
        Assert.Equal(10, (await All(Archive.Archive(time))).Single().Messages);
        Assert.Empty(await All(Archive.Archive(time)));
        Assert.Empty(await All(Archive.FindArchivable(time)));
        Assert.Equal(20, (await All(Archive.Archive(time.AddSeconds(1)))).Single().Messages);
    }

    [SkippableFact]
    public async Task Streams_of_the_store_itself_and_streams_with_limits_stay_where_they_are()
    {
        await Fill(4);
        await Store.SetStreamMetadata("counted", maxCount: 3);
        await Store.SetStreamMetadata("aged", maxAge: 1_000_000);
        await Store.AppendToStream("counted", ExpectedVersion.Any, Messages(11, 12));
        await Store.AppendToStream("aged", ExpectedVersion.Any, Messages(13));
        await Store.DeleteMessage("a", (await Store.ReadStreamForwards("a", 0, 1)).Messages[0].MessageId);
        Assert.Equal(3, (await All(Archive.Archive(Now.AddDays(1)))).Sum(segment => segment.Messages));
        Assert.Equal(3, (await Store.GetStreamMetadata("counted")).MaxCount);
        await Store.DeleteStream("counted");
        await Store.SetStreamMetadata("counted", maxCount: 2);
        await Store.AppendToStream("counted", ExpectedVersion.NoStream, Messages(21, 22, 23));
        Assert.Equal(2, (await Store.ReadStreamForwards("counted", 0, 10)).Messages.Length);
    }

    [SkippableFact]
    public async Task An_archived_append_is_still_recognised_and_its_stream_goes_on()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2));
        await Store.AppendToStream("a", 1, Messages(3));
        await All(Archive.Archive(Now.AddDays(1)));
        Assert.Equal((2, 2L), Told(await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2))));
        Assert.Equal((2, 2L), Told(await Store.AppendToStream("a", 1, Messages(3))));
        Assert.Equal((2, 2L), Told(await Store.AppendToStream("a", ExpectedVersion.Any, Messages(2))));
        await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Store.AppendToStream("a", 0, Messages(4)));
        Assert.Equal((3, 3L), Told(await Store.AppendToStream("a", 2, Messages(4))));
        Assert.Equal(["""{"number":1}""", """{"number":2}""", """{"number":3}""", """{"number":4}"""], await Numbers("a"));
    }

    [SkippableFact]
    public async Task What_is_deleted_leaves_the_archive_too_and_an_empty_segment_goes()
    {
        await Fill(30);
        await All(Archive.Archive(Now.AddDays(1)));
        Now += TimeSpan.FromDays(2);
        var kept = (await Store.ReadStreamForwards("b", 0, 100)).Messages;
        foreach (var message in kept[1..]) await Store.DeleteMessage("b", message.MessageId);
        await Store.DeleteStream("a");
        await Store.SetStreamMetadata("c", maxCount: 2);
        // One of b, two of c.
        Assert.Equal(3, await ReadInt($"SELECT messages FROM {Table}"));
        Assert.Equal(kept[0].MessageId, (await (await Open()).ReadStreamForwards("b", 0, 100)).Messages.Single().MessageId);
        Assert.Equal(await Texts(kept[..1]), await Texts((await (await Open()).ReadStreamForwards("b", 0, 100)).Messages));
        Assert.Equal(2, (await Store.ReadStreamForwards("c", 0, 100)).Messages.Length);
        await Store.SetStreamMetadata("c", maxAge: 1);
        await Store.ReadAllForwards(0, 100);
        await Until(() => ReadInt($"SELECT messages FROM {Table}").Result == 1, "the purge of what is too old");
        await Store.DeleteStream("b");
        Assert.Equal(0, await ReadInt($"SELECT COUNT(*) FROM {Table}"));
    }

    [SkippableFact]
    public async Task Whoever_asks_late_for_the_data_of_a_deleted_message_gets_none()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2));
        await All(Archive.Archive(Now.AddDays(1)));
        var page = await Store.ReadStreamForwards("a", 0, 10, prefetchJsonData: false);
        await Store.DeleteMessage("a", Id(1));
        Assert.Null(await page.Messages[0].GetJsonData());
        AssertSameJson("""{"number":2}""", await page.Messages[1].GetJsonData());
        await Store.DeleteStream("a");
        Assert.Null(await page.Messages[1].GetJsonData());
    }

    [SkippableFact]
    public async Task A_segment_that_is_not_what_was_written_is_an_error_that_names_it_and_the_position()
    {
        await Fill(3);
        await All(Archive.Archive(Now.AddDays(1)));
        var id = (long)(await Execute($"SELECT id FROM {Table}"))!;
        await Execute($"UPDATE {Table} SET payload = checksum");
        var damaged = await Assert.ThrowsAsync<ArchiveDamagedException>(() => Store.ReadAllForwards(1, 10));
        Assert.Equal((id, 1L), (damaged.Segment, damaged.Position));
        Assert.Contains($"position 1 cannot be read: segment {id} ", damaged.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArchiveDamagedException>(() => Store.DeleteStream("b"));
        Assert.Equal(0, await Store.ReadStreamHeadVersion("b"));
    }

    [SkippableFact]
    public async Task A_segment_that_is_missing_is_an_error_and_heads_are_read_without_it()
    {
        await Fill(3);
        await All(Archive.Archive(Now.AddDays(1)));
        var late = (await Store.ReadStreamForwards("b", 0, 10, prefetchJsonData: false)).Messages.Single();
        var other = await Open();
        await Execute($"DELETE FROM {Table}");
        Assert.Equal(late.Position, (await Assert.ThrowsAsync<ArchiveDamagedException>(() => other.ReadStreamForwards("b", 0, 10))).Position);
        Assert.Equal(2, (await Assert.ThrowsAsync<ArchiveDamagedException>(() => other.ReadAllBackwards(Position.End, 1, prefetchJsonData: false))).Position);
        await Assert.ThrowsAsync<ArchiveDamagedException>(() => other.DeleteMessage("b", late.MessageId));
        Assert.Equal((0, late.Position, 2L), (await other.ReadStreamHeadVersion("b"), await other.ReadStreamHeadPosition("b"), await other.ReadHeadPosition()));
        await Execute($"UPDATE {Table.Replace("_archive", "s", StringComparison.Ordinal).Replace("Archive", "s", StringComparison.Ordinal)} SET {ArchivedIn} = 1");
        Assert.Equal(late.Position, (await Assert.ThrowsAsync<ArchiveDamagedException>(() => late.GetJsonData())).Position);
    }

    [SkippableFact]
    public async Task Two_at_once_archive_everything_once()
    {
        await Fill(3 * MostInSegment);
        var before = await Everything(Store);
        var archives = new[] { Archive, (IStreamArchive)await Open(), (IStreamArchive)await Open() };
        var segments = await Task.WhenAll(archives.Select(archive => Task.Run(() => All(archive.Archive(Now.AddDays(1))))));
        Assert.Equal(3 * MostInSegment, segments.Sum(some => some.Sum(segment => segment.Messages)));
        Assert.Equal(3 * MostInSegment, await ReadInt($"SELECT SUM(messages) FROM {Table}"));
        Assert.Equal(before, await Everything(Store));
    }

    [SkippableFact]
    public async Task Space_can_be_made_usable_while_others_read_and_write()
    {
        await Fill(10);
        await All(Archive.Archive(Now.AddDays(1)));
        await Task.WhenAll(Archive.ReuseSpace(), Fill(10, firstId: 100), Everything(Store));
        Assert.Equal(20, (await Store.ReadAllForwards(0, 100)).Messages.Length);
    }

    protected virtual string ArchivedIn => "archived_in";

    protected static (int Version, long Position) Told(AppendResult result) => (result.CurrentVersion, result.CurrentPosition);

    protected static async Task<List<T>> All<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items) all.Add(item);
        return all;
    }

    /// <summary>Appends messages to the streams a, b and c in turn; every other one has metadata.</summary>
    protected async Task Fill(int count, int firstId = 1)
    {
        foreach (var some in Enumerable.Range(firstId, count).Chunk(50))
        {
            await Task.WhenAll(some.GroupBy(id => id % 3).Select(group => Store.AppendToStream(
                ((char)('a' + group.Key)).ToString(), ExpectedVersion.Any,
                [.. group.Select(id => new NewStreamMessage(Id(id), "type", $$"""{"number":{{id}},"text":"ä€😀 \" the same words again"}""", id % 2 == 0 ? $$"""{"id":{{id}}}""" : null))])));
        }
    }

    protected static async Task<string[]> Texts(IReadOnlyList<StreamMessage> messages)
    {
        var texts = new string[messages.Count];
        for (var index = 0; index < texts.Length; index++)
        {
            var message = messages[index];
            texts[index] = $"{message.Position} {message.StreamId} {message.StreamVersion} {message.MessageId} {message.CreatedUtc:O} {message.Type} {message.JsonMetadata} {await message.GetJsonData()}";
        }

        return texts;
    }

    protected static async Task<string[]> Everything(IReadonlyStreamStore store, int pageSize = 1000, bool prefetch = true)
    {
        var messages = new List<StreamMessage>();
        for (var page = await store.ReadAllForwards(0, pageSize, prefetch); ; page = await page.ReadNext())
        {
            messages.AddRange(page.Messages);
            if (page.IsEnd) return await Texts(messages);
        }
    }

    private async Task<List<string>> Numbers(string stream)
    {
        var numbers = new List<string>();
        foreach (var message in (await Store.ReadStreamForwards(stream, 0, 100)).Messages) numbers.Add((await message.GetJsonData())!.Replace(" ", "", StringComparison.Ordinal));
        return numbers;
    }

    private async Task<int> ReadInt(string statement) =>
        Convert.ToInt32(await Execute(statement) ?? -1, System.Globalization.CultureInfo.InvariantCulture);
}
