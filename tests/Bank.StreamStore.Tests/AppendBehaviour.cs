using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>What an append does, case by case; the same for every store.</summary>
public abstract class AppendBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const int NoStream = ExpectedVersion.NoStream;
    private const int Any = ExpectedVersion.Any;
    private const int EmptyStream = ExpectedVersion.EmptyStream;
    private const int Refused = int.MinValue;

    /// <summary>Held: how many messages the stream has (null: missing). Then expected version, ids, head afterwards, how many were written.</summary>
    public static TheoryData<int?, int, int[], int, int> Cases => new()
    {
        { null, NoStream, [1, 2], 1, 2 },
        { null, NoStream, [], -1, 0 },
        { 0, NoStream, [1], Refused, 0 },
        { 3, NoStream, [1, 2, 3], 2, 0 },
        { 3, NoStream, [1, 2], 2, 0 },
        { 3, NoStream, [1], 2, 0 },
        { 3, NoStream, [1, 2, 3, 4], Refused, 0 },
        { 3, NoStream, [2], Refused, 0 },
        { 3, NoStream, [9], Refused, 0 },
        { 3, NoStream, [2, 3, 4], Refused, 0 },
        { 3, NoStream, [], 2, 0 },
        { null, Any, [1, 2, 3], 2, 3 },
        { null, Any, [], -1, 0 },
        { null, Any, [1, 1], Refused, 0 },
        { 3, Any, [], 2, 0 },
        { 3, Any, [1, 2, 3], 2, 0 },
        { 3, Any, [1, 2], 2, 0 },
        { 3, Any, [1], 2, 0 },
        { 3, Any, [2, 3], 2, 0 },
        { 3, Any, [3], 2, 0 },
        { 3, Any, [4, 5, 6], 5, 3 },
        { 3, Any, [2, 1], Refused, 0 },
        { 3, Any, [2, 3, 4], Refused, 0 },
        { 3, Any, [1, 2, 3, 4], Refused, 0 },
        { 3, Any, [4, 1], Refused, 0 },
        { 3, Any, [4, 4], Refused, 0 },
        { null, EmptyStream, [1, 2], Refused, 0 },
        { 0, EmptyStream, [1, 2, 3], 2, 3 },
        { 3, EmptyStream, [1, 2, 3], 2, 0 },
        { 3, EmptyStream, [1, 2], 2, 0 },
        { 3, EmptyStream, [2], Refused, 0 },
        { 3, EmptyStream, [9], Refused, 0 },
        { 3, EmptyStream, [1, 2, 3, 4], Refused, 0 },
        { null, 0, [1], Refused, 0 },
        { 0, 0, [7], Refused, 0 },
        { 3, 2, [4, 5, 6], 5, 3 },
        { 3, 2, [1], Refused, 0 },
        { 6, 2, [4, 5, 6], 5, 0 },
        { 6, 2, [4, 5], 5, 0 },
        { 6, 2, [4], 5, 0 },
        { 6, 2, [4, 5, 6, 7], Refused, 0 },
        { 6, 3, [5, 6], 5, 0 },
        { 6, 4, [6, 7], Refused, 0 },
        { 6, 2, [5, 4], Refused, 0 },
        { 6, 2, [9], Refused, 0 },
        { 3, 7, [4], Refused, 0 },
        // Beyond what SqlStreamStore's databases agree on.
        { null, NoStream, [1, 1], Refused, 0 },
        { null, EmptyStream, [], Refused, 0 },
        { 0, NoStream, [], -1, 0 },
        { 0, Any, [], -1, 0 },
        { 0, Any, [1], 0, 1 },
        { 0, EmptyStream, [], -1, 0 },
        { 0, EmptyStream, [1, 1], Refused, 0 },
        { 3, EmptyStream, [], 2, 0 },
        { 3, 2, [4, 4], Refused, 0 },
        { 3, 2, [4, 1], Refused, 0 },
        { 3, 2, [1, 4], Refused, 0 },
        { 3, 3, [4], Refused, 0 },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task An_append_writes_recognises_a_repetition_or_refuses(int? held, int expectedVersion, int[] ids, int headAfterwards, int written)
    {
        if (held is { } count) await Store.AppendToStream("stream-1", NoStream, Messages([.. Enumerable.Range(1, count)]));
        await Store.AppendToStream("other", Any, Messages(1));
        var before = await Store.ReadHeadPosition();
        var streamHead = await Store.ReadStreamHeadPosition("stream-1");

        if (headAfterwards == Refused)
        {
            var refusal = await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Store.AppendToStream("stream-1", expectedVersion, Messages(ids)));
            Assert.Equal("stream-1", refusal.StreamId);
            Assert.Equal(expectedVersion, refusal.ExpectedVersion);
        }
        else
        {
            var result = await Store.AppendToStream("stream-1", expectedVersion, Messages(ids));
            Assert.Equal(headAfterwards, result.CurrentVersion);
            Assert.Equal(written > 0 ? before + written : streamHead, result.CurrentPosition);
            Assert.Equal(headAfterwards, await Store.ReadStreamHeadVersion("stream-1"));
        }

        Assert.Equal(before + written, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task Appends_that_travel_together_each_have_the_outcome_that_they_have_alone()
    {
        var cases = Cases.Select((row, number) => (Stream: $"stream-{number}", Held: (int?)row[0], Expected: (int)row[1], Ids: (int[])row[2], Head: (int)row[3])).ToArray();
        await Task.WhenAll(cases.Where(one => one.Held is not null).Select(one => Store.AppendToStream(one.Stream, NoStream, Messages([.. Enumerable.Range(1, one.Held!.Value)]))));
        var outcomes = await Task.WhenAll(cases.Select(one => Outcome(one.Stream, one.Expected, one.Ids)));
        Assert.Equal(cases.Select(one => one.Head), outcomes);
        foreach (var one in cases)
        {
            var stored = Enumerable.Range(1, one.Held ?? 0).Concat(one.Head >= (one.Held ?? 0) ? one.Ids : []).Select(Id);
            Assert.Equal(stored, (await Store.ReadStreamForwards(one.Stream, 0, 100)).Messages.Select(message => message.MessageId));
        }

        async Task<int> Outcome(string stream, int expected, int[] ids)
        {
            try
            {
                return (await Store.AppendToStream(stream, expected, Messages(ids))).CurrentVersion;
            }
            catch (WrongExpectedVersionException)
            {
                return Refused;
            }
        }
    }

    [SkippableFact]
    public async Task An_empty_append_at_a_version_is_not_checked()
    {
        await Store.AppendToStream("other", Any, Messages(1, 2));
        var result = await Store.AppendToStream("stream-1", 7, []);
        Assert.Equal((7, 1L), (result.CurrentVersion, result.CurrentPosition));
    }

    [SkippableFact]
    public async Task The_same_ids_may_go_into_different_streams()
    {
        await Store.AppendToStream("a", NoStream, Messages(1, 2));
        await Store.AppendToStream("b", NoStream, Messages(1, 2));
        Assert.Equal(3, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task Ten_identical_first_appends_at_once_all_succeed_and_write_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Store.AppendToStream("stream-1", NoStream, Messages(1, 2))));
        Assert.All(results, r => Assert.Equal((1, 1L), (r.CurrentVersion, r.CurrentPosition)));
        Assert.Equal(2, (await Store.ReadStreamForwards("stream-1", 0, 10)).Messages.Length);
    }

    [SkippableFact]
    public async Task Concurrent_appends_to_any_version_of_one_stream_all_succeed()
    {
        await Task.WhenAll(Enumerable.Range(1, 40).Select(i => Store.AppendToStream("stream-1", Any, Messages(i))));
        var page = await Store.ReadStreamForwards("stream-1", 0, 100);
        Assert.Equal(Enumerable.Range(0, 40), page.Messages.Select(m => m.StreamVersion));
    }

    [SkippableFact]
    public async Task A_message_comes_back_as_it_was_stored()
    {
        Now = new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc).AddMicroseconds(123456);
        var id = Guid.NewGuid();
        await Store.AppendToStream("stream-1", NoStream, [new NewStreamMessage(id, "withdrawn", """{"amount": 12, "näme": "ß\"€"}""", """{"who":"me"}""")]);
        var message = Assert.Single((await Store.ReadStreamForwards("stream-1", 0, 1)).Messages);
        Assert.Equal(("stream-1", id, "withdrawn", 0, 0L), (message.StreamId, message.MessageId, message.Type, message.StreamVersion, message.Position));
        Assert.Equal(Fixture.AsStored(Now), message.CreatedUtc);
        Assert.Equal(DateTimeKind.Utc, message.CreatedUtc.Kind);
        AssertSameJson("""{"amount": 12, "näme": "ß\"€"}""", await message.GetJsonData());
        AssertSameJson("""{"who":"me"}""", message.JsonMetadata);
    }

    [SkippableFact]
    public async Task Missing_metadata_is_empty()
    {
        await Store.AppendToStream("stream-1", NoStream, Messages(1));
        Assert.Equal("", (await Store.ReadAllForwards(0, 1)).Messages[0].JsonMetadata);
    }

    [SkippableTheory]
    [InlineData("{", "JsonData of message 1")]
    [InlineData("{} {}", "JsonData of message 1")]
    [InlineData("""{"a":"\u0000"}""", "U+0000")]
    [InlineData("""{"a":"\ud800"}""", "JsonData of message 1")]
    public async Task What_is_not_json_is_refused_by_name_and_nothing_is_written(string json, string reason)
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() =>
            Store.AppendToStream("stream-1", Any, [new NewStreamMessage(Guid.NewGuid(), "t", "{}"), new NewStreamMessage(Guid.NewGuid(), "t", json)]));
        Assert.Contains(reason, refusal.Message);
        Assert.Equal(-1, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task Names_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new StreamId(new string('x', 1001)));
        Assert.Throws<ArgumentException>(() => new NewStreamMessage(Guid.NewGuid(), new string('x', 129), "{}"));
        var name = new string('x', Fixture.LongestStreamId);
        await Store.AppendToStream(name, NoStream, new NewStreamMessage(Guid.NewGuid(), new string('t', 128), "{}"));
        Assert.Equal(name, (await Store.ReadAllForwards(0, 1)).Messages[0].StreamId);
    }

    [SkippableFact]
    public async Task Streams_of_the_store_itself_cannot_be_written()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendToStream("$deleted", Any, Messages(1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.AppendToStream("stream-1", -4, Messages(1)));
    }

    [SkippableFact]
    public async Task What_is_missing_is_refused_by_name()
    {
        Assert.Equal("streamId", (await Assert.ThrowsAsync<ArgumentNullException>(() => Store.AppendToStream((StreamId)null!, Any, Messages(1)))).ParamName);
        Assert.Equal("messages", (await Assert.ThrowsAsync<ArgumentNullException>(() => Store.AppendToStream("stream-1", Any, (NewStreamMessage[])null!))).ParamName);
        Assert.Contains("number 1", (await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendToStream("stream-1", Any, [.. Messages(1), null!]))).Message);
        Assert.Equal(-1, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task A_large_append_is_written_whole()
    {
        await Store.AppendToStream("stream-1", NoStream, Messages([.. Enumerable.Range(1, 2000)]));
        var page = await Store.ReadStreamForwards("stream-1", 0, int.MaxValue);
        Assert.Equal(2000, page.Messages.Length);
        Assert.True(page.IsEnd);
    }

    [SkippableFact]
    public async Task After_disposal_nothing_works()
    {
        Store.Dispose();
        Store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Store.AppendToStream("stream-1", Any, Messages(1)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Store.ReadAllForwards(0, 1, true));
    }
}
