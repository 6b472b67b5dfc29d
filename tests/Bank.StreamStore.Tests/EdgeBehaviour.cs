using System.Collections.Concurrent;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Tests;

/// <summary>What is unusual but allowed; the same for every store.</summary>
public abstract class EdgeBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private static readonly string[] s_names =
    [
        "';DROP/**/TABLE/**/messages;--", "\"quoted\"", "100%", "under_score", @"back\slash", "[bracket]", "tab\tline\nend", "Größe-\U0001F600", "{schema}", "@value",
        // Spellings of one GUID.
        "7c9e6679-7425-40de-944b-e07fc1f90ae7", "7C9E6679-7425-40DE-944B-E07FC1F90AE7", "7c9e6679742540de944be07fc1f90ae7", "{7c9e6679-7425-40de-944b-e07fc1f90ae7}",
    ];

    [SkippableFact]
    public async Task A_name_may_hold_any_character_but_a_space_and_is_never_taken_for_another()
    {
        string[] names = [.. s_names, new string('x', Fixture.LongestStreamId - 2), new string('x', Fixture.LongestStreamId - 3)];
        foreach (var name in names)
        {
            await Store.AppendToStream(name, ExpectedVersion.NoStream, Messages(1));
            await Store.SetStreamMetadata(name, maxCount: 5, metadataJson: name);
        }

        Assert.Equal(names, (await Store.ReadAllForwards(0, 100)).Messages.Select(message => message.StreamId).Where(name => !name.StartsWith('$')));
        Assert.Equal(names, (await Store.ListStreams(100)).StreamIds.Where(name => !name.StartsWith('$')));
        foreach (var name in names)
        {
            Assert.Equal(name, Assert.Single((await Store.ReadStreamForwards(name, 0, 10)).Messages).StreamId);
            Assert.Equal((name, name), ((await Store.GetStreamMetadata(name)).StreamId, (await Store.GetStreamMetadata(name)).MetadataJson));
            Assert.Contains(name, (await Store.ListStreams(Pattern.StartsWith(name))).StreamIds);
            Assert.Contains(name, (await Store.ListStreams(Pattern.EndsWith(name))).StreamIds);
        }

        foreach (var name in names) await Store.DeleteStream(name, 0);
        Assert.Equal(2 * names.Length, (await Store.ReadAllForwards(0, 100)).Messages.Length);
    }

    [SkippableFact]
    public async Task A_stream_without_messages_left_and_one_that_was_deleted_have_ends_too()
    {
        await Store.AppendToStream("emptied", ExpectedVersion.NoStream, Messages(1, 2));
        await Store.DeleteMessage("emptied", Id(1));
        await Store.DeleteMessage("emptied", Id(2));
        var emptied = await Store.ReadStreamBackwards("emptied", StreamVersion.End, 10);
        Assert.Equal((PageReadStatus.Success, -1, -1, 1, 1L, true), (emptied.Status, emptied.FromStreamVersion, emptied.NextStreamVersion, emptied.LastStreamVersion, emptied.LastStreamPosition, emptied.IsEnd));
        Assert.Empty(emptied.Messages);
        Assert.Equal((1, 1L), (await Store.ReadStreamHeadVersion("emptied"), await Store.ReadStreamHeadPosition("emptied")));
        await Store.DeleteStream("emptied");
        var deleted = await Store.ReadStreamBackwards("emptied", StreamVersion.End, 10);
        Assert.Equal((PageReadStatus.StreamNotFound, -1, -1), (deleted.Status, deleted.FromStreamVersion, deleted.LastStreamVersion));
        Assert.Equal((-1, -1L), (await Store.ReadStreamHeadVersion("emptied"), await Store.ReadStreamHeadPosition("emptied")));
    }

    [SkippableFact]
    public async Task A_very_large_message_comes_back_whole()
    {
        var json = $$"""{"text":"{{new string('x', 20 * 1024 * 1024)}}"}""";
        var metadata = $$"""{"text":"{{new string('y', 100_000)}}"}""";
        NewStreamMessage[] messages = [new(Id(1), "t", json, metadata), new(Id(2), "t", json)];
        await Store.AppendToStream("large", ExpectedVersion.NoStream, messages);
        Assert.Equal(1, (await Store.AppendToStream("large", ExpectedVersion.NoStream, messages)).CurrentVersion);
        foreach (var prefetch in new[] { true, false })
        {
            foreach (var message in (await Store.ReadStreamForwards("large", 0, 10, prefetch)).Messages)
            {
                Assert.Equal(json.Length, (await message.GetJsonData())!.Replace(": ", ":").Length);
                Assert.Equal(message.StreamVersion == 0 ? metadata.Length : 0, message.JsonMetadata.Replace(": ", ":").Length);
            }
        }
    }

    [SkippableTheory]
    [InlineData(DateTimeKind.Local)]
    [InlineData(DateTimeKind.Unspecified)]
    public async Task What_the_clock_says_is_UTC_whatever_kind_it_claims(DateTimeKind kind)
    {
        var said = new DateTime(2026, 7, 1, 12, 30, 0, DateTimeKind.Utc);
        Now = DateTime.SpecifyKind(said, kind);
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await Store.SetStreamMetadata("a", maxAge: 60);
        var message = Assert.Single((await Store.ReadStreamForwards("a", 0, 10)).Messages);
        Assert.Equal((said, DateTimeKind.Utc), (message.CreatedUtc, message.CreatedUtc.Kind));
        Now = Now.AddSeconds(60);
        Assert.Empty((await Store.ReadStreamForwards("a", 0, 10)).Messages);
    }

    [SkippableFact]
    public async Task Half_a_character_and_the_character_0_are_refused_wherever_they_are()
    {
        foreach (var bad in (string[])["a\0b", "a\ud800b", "a\udc00", "\ud800"])
        {
            Assert.ThrowsAny<ArgumentException>(() => new StreamId(bad));
            Assert.ThrowsAny<ArgumentException>(() => new NewStreamMessage(Guid.NewGuid(), bad, "{}"));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.AppendToStream("a", ExpectedVersion.Any, new NewStreamMessage(Guid.NewGuid(), "t", $"\"{bad}\"")));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.AppendToStream("a", ExpectedVersion.Any, new NewStreamMessage(Guid.NewGuid(), "t", "{}", $"\"{bad}\"")));
        }

        Assert.Equal(-1, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task Json_may_be_as_deep_as_every_store_takes()
    {
        var (deep, deeper) = (Nested(1000), Nested(1001));
        await Store.AppendToStream("a", ExpectedVersion.NoStream, new NewStreamMessage(Id(1), "t", deep, deep));
        var message = Assert.Single((await Store.ReadStreamForwards("a", 0, 10)).Messages);
        Assert.Equal((deep, deep), (await message.GetJsonData(), message.JsonMetadata));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendToStream("a", 0, new NewStreamMessage(Id(2), "t", deeper)));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    public static TheoryData<string, Func<IStreamStore, CancellationToken, Task>> Calls => new()
    {
        { "append", (store, token) => store.AppendToStream("a", ExpectedVersion.Any, Messages(9), token) },
        { "append nothing", (store, token) => store.AppendToStream("a", 0, [], token) },
        { "delete stream", (store, token) => store.DeleteStream("a", ExpectedVersion.Any, token) },
        { "delete message", (store, token) => store.DeleteMessage("a", Id(1), token) },
        { "set metadata", (store, token) => store.SetStreamMetadata("a", maxCount: 1, cancellationToken: token) },
        { "get metadata", (store, token) => store.GetStreamMetadata("a", token) },
        { "read stream forwards", (store, token) => store.ReadStreamForwards("a", 0, 1, true, token) },
        { "read stream backwards", (store, token) => store.ReadStreamBackwards("a", StreamVersion.End, 1, true, token) },
        { "read all forwards", (store, token) => store.ReadAllForwards(0, 1, true, token) },
        { "read all backwards", (store, token) => store.ReadAllBackwards(Position.End, 1, true, token) },
        { "read head", (store, token) => store.ReadHeadPosition(token) },
        { "read stream head version", (store, token) => store.ReadStreamHeadVersion("a", token) },
        { "list", (store, token) => store.ListStreams(10, null, token) },
        { "next page", async (store, token) => await (await store.ReadAllForwards(0, 1)).ReadNext(token) },
        { "data", async (store, token) => await (await store.ReadAllForwards(0, 1, prefetchJsonData: false)).Messages[0].GetJsonData(token) },
    };

    [SkippableTheory]
    [MemberData(nameof(Calls))]
    public async Task Whoever_has_given_up_before_he_calls_is_told_so_and_nothing_happens(string call, Func<IStreamStore, CancellationToken, Task> make)
    {
        Assert.NotEmpty(call);
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => make(Store, new CancellationToken(canceled: true)));
        Assert.Equal(["a", "a"], (await Store.ReadAllForwards(0, 10)).Messages.Select(message => message.StreamId));
    }

    [SkippableFact]
    public async Task A_next_page_is_read_as_the_first_was()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 9)]));
        var all = (forwards: await Store.ReadAllForwards(0, 3, prefetchJsonData: false), backwards: await Store.ReadAllBackwards(Position.End, 3, prefetchJsonData: false));
        var one = (forwards: await Store.ReadStreamForwards("a", 0, 3, prefetchJsonData: false), backwards: await Store.ReadStreamBackwards("a", StreamVersion.End, 3, prefetchJsonData: false));
        StreamMessage[][] next = [(await all.forwards.ReadNext()).Messages, (await all.backwards.ReadNext()).Messages, (await one.forwards.ReadNext()).Messages, (await one.backwards.ReadNext()).Messages];
        Assert.Equal([[3, 4, 5], [5, 4, 3], [3, 4, 5], [5, 4, 3]], next.Select(messages => messages.Select(message => message.StreamVersion)));
        await Store.DeleteStream("a");
        foreach (var message in next.SelectMany(messages => messages)) Assert.Null(await message.GetJsonData());
    }

    [SkippableFact]
    public async Task A_follower_may_continue_beyond_the_head()
    {
        var positions = new ConcurrentQueue<long>();
        var versions = new ConcurrentQueue<int>();
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        using var all = Store.SubscribeToAll(1, (_, message, _) => Enqueue(positions, message.Position));
        using var one = Store.SubscribeToStream("a", 1, (_, message, _) => Enqueue(versions, message.StreamVersion));
        await Task.WhenAll(all.Started, one.Started);
        for (var i = 2; i <= 5; i++) await Store.AppendToStream("a", i - 2, Messages(i));
        await Until(() => positions.Contains(4) && versions.Contains(4), "the last message twice");
        Assert.Equal([2L, 3, 4], positions);
        Assert.Equal([2, 3, 4], versions);
    }

    [SkippableFact]
    public async Task A_follower_of_a_stream_that_was_deleted_and_made_anew_goes_on_at_its_version()
    {
        var versions = new ConcurrentQueue<int>();
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2));
        using var one = Store.SubscribeToStream("a", null, (_, message, _) => Enqueue(versions, message.StreamVersion));
        await Until(() => versions.Count == 2, "what is there");
        await Store.DeleteStream("a");
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await Store.AppendToStream("a", 0, Messages(2, 3));
        await Until(() => versions.Count == 3, "what is beyond");
        Assert.Equal([0, 1, 2], versions);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_may_dispose_its_subscription_or_the_store(bool disposeStore)
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2, 3));
        var dropped = new ConcurrentQueue<(SubscriptionDroppedReason, Exception?)>();
        var handed = 0;
        using var all = Store.SubscribeToAll(null, (subscription, _, _) => End(subscription), (_, reason, error) => dropped.Enqueue((reason, error)));
        using var one = Store.SubscribeToStream("a", null, (subscription, _, _) => End(subscription), (_, reason, error) => dropped.Enqueue((reason, error)));
        await Until(() => dropped.Count == 2, "both dropped");
        Assert.All(dropped, drop => Assert.Equal((SubscriptionDroppedReason.Disposed, null), drop));
        Assert.InRange(handed, disposeStore ? 1 : 2, 2);

        Task End(IDisposable subscription)
        {
            Interlocked.Increment(ref handed);
            if (disposeStore) Store.Dispose();
            else subscription.Dispose();
            return Task.CompletedTask;
        }
    }

    private static Task Enqueue<T>(ConcurrentQueue<T> queue, T item)
    {
        queue.Enqueue(item);
        return Task.CompletedTask;
    }
}

public sealed class InMemoryEdgeTests(InMemoryFixture fixture) : EdgeBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class SqliteEdgeTests(SqliteFixture fixture) : EdgeBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresEdgeTests(PostgresFixture fixture) : EdgeBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class MsSqlEdgeTests(MsSqlFixture fixture) : EdgeBehaviour(fixture), IClassFixture<MsSqlFixture>;
