using Bank.StreamStore.Streams;
using Npgsql;

namespace Bank.StreamStore.Tests;

/// <summary>The connection is lost in the commit: the server has written, or refused, and nobody heard of it. The store asks again and tells what has become of each append.</summary>
public sealed class PostgresLostAnswerTests(PostgresFixture fixture) : StoreBehaviour(fixture), IClassFixture<PostgresFixture>
{
    /// <summary>How many messages the stream has (null: missing); expected version, ids; the version told.</summary>
    public static TheoryData<int?, int, int[], int> Written => new()
    {
        { null, ExpectedVersion.NoStream, [1], 0 },
        { null, ExpectedVersion.NoStream, [1, 2], 1 },
        { null, ExpectedVersion.NoStream, [], -1 },
        { null, ExpectedVersion.Any, [1, 2], 1 },
        { 0, ExpectedVersion.EmptyStream, [1, 2], 1 },
        { 3, ExpectedVersion.Any, [4], 3 },
        { 3, ExpectedVersion.Any, [4, 5], 4 },
        { 3, 2, [4], 3 },
        { 3, 2, [4, 5], 4 },
    };

    private PostgresFixture Postgres => (PostgresFixture)Fixture;

    [SkippableTheory]
    [MemberData(nameof(Written))]
    public async Task What_was_written_is_told_as_written_and_is_there_once(int? held, int expectedVersion, int[] ids, int version)
    {
        await using var proxy = Proxy();
        using var store = Through(proxy);
        if (held is { } count) await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, count)]));
        await store.AppendToStream("other", ExpectedVersion.Any, Messages(1));

        proxy.LosesAnswers = true;
        var append = store.AppendToStream("stream-1", expectedVersion, Messages(ids));
        await UntilStored(version);
        await Until(() => proxy.Lost > 2, "answers were lost, also those to further attempts");
        // Somebody goes on from there before it is asked again.
        await Store.AppendToStream("stream-1", ExpectedVersion.Any, Messages(99));
        proxy.LosesAnswers = false;

        Assert.Equal(version + 1, (await append).CurrentVersion);
        Assert.Equal([.. Enumerable.Range(1, held ?? 0), .. ids, 99], await Numbers());
    }

    [SkippableFact]
    public async Task What_was_refused_is_told_as_refused()
    {
        await using var proxy = Proxy();
        using var store = Through(proxy);
        await store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2));
        proxy.LosesAnswers = true;
        var append = store.AppendToStream("stream-1", 0, Messages(3));
        await Until(() => proxy.Lost > 2, "answers were lost, also those to further attempts");
        proxy.LosesAnswers = false;
        await Assert.ThrowsAsync<WrongExpectedVersionException>(() => append);
        Assert.Equal([1, 2], await Numbers());
    }

    [SkippableFact]
    public async Task Each_of_those_that_travelled_together_is_told_its_own_outcome()
    {
        await using var proxy = Proxy();
        using var store = Through(proxy);
        await store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        proxy.LosesAnswers = true;
        Task<AppendResult>[] appends =
        [
            store.AppendToStream("stream-1", 0, Messages(2)), store.AppendToStream("stream-1", 1, Messages(3)), store.AppendToStream("stream-1", 1, Messages(4)),
            store.AppendToStream("stream-1", ExpectedVersion.Any, Messages(5)), store.AppendToStream("stream-2", ExpectedVersion.NoStream, Messages(1)),
        ];
        await Until(() => proxy.Lost > 2, "answers were lost, also those to further attempts");
        proxy.LosesAnswers = false;
        await Task.WhenAll(appends).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal([true, true, false, true, true], appends.Select(append => append.IsCompletedSuccessfully));
        Assert.IsType<WrongExpectedVersionException>(appends[2].Exception!.InnerException);
        Assert.Equal([1, 2, 3, 5], await Numbers());
        Assert.Equal(0, await Store.ReadStreamHeadVersion("stream-2"));
    }

    private async Task UntilStored(int version)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        for (var page = await Page(); page.Status != PageReadStatus.Success || page.LastStreamVersion < version; page = await Page())
        {
            Assert.True(DateTime.UtcNow < deadline, "It was never written.");
            await Task.Delay(5);
        }

        Task<ReadStreamPage> Page() => Store.ReadStreamForwards("stream-1", 0, 1);
    }

    private async Task<IEnumerable<int>> Numbers() =>
        (await Store.ReadStreamForwards("stream-1", 0, 100)).Messages.Select(message => BitConverter.ToInt32(message.MessageId.ToByteArray()));

    private LosingProxy Proxy()
    {
        var server = new NpgsqlConnectionStringBuilder(Postgres.ConnectionString);
        return new LosingProxy(server.Host!, server.Port);
    }

    private PostgresStreamStore Through(LosingProxy proxy)
    {
        var text = new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port };
        return new PostgresStreamStore(new PostgresStreamStoreSettings(text.ToString()) { Schema = Postgres.Schema });
    }
}
