using System.Collections.Concurrent;
using Bank.StreamStore.Streams;
using CsCheck;

namespace Bank.StreamStore.Tests;

/// <summary>
/// Several writers append at random at the same time, some giving up in the middle. Whatever they were told, the order in which the store holds their appends is one in
/// which the store in memory accepts every one of them, with the same versions and positions.
/// </summary>
public abstract class ConcurrentModelBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    protected const int Streams = 3;
    private const int LongestWait = 3;

    private Gen<Step> Steps => Gen.Select(
        Gen.Int[0, Streams - 1], Expected, Gen.Int[1, 3], Gen.Frequency((4, Gen.Const(-1)), (1, Gen.Int[0, LongestWait])),
        (stream, expected, messages, abortAfter) => new Step(stream, expected, messages, abortAfter));

    /// <summary>How far the expected version is from the one that the writer saw last; further up it is one of the constants.</summary>
    protected virtual Gen<int> Expected => Gen.Int[-1, 4];

    /// <summary>Whether each writer has streams of its own, but for one.</summary>
    protected virtual bool HasOwnStreams => false;

    protected virtual int MostWriters => 6;

    protected virtual int Stores => Fixture.IsShared ? 2 : 1;

    [SkippableFact]
    public async Task Concurrent_appends_and_aborts_leave_what_the_model_accepts_in_some_order()
    {
        var run = 0;
        await Steps.Array[4, 10].Array[2, MostWriters].SampleAsync(async writers => await Agrees($"{run++}-", writers), iter: 20, threads: 1);
    }

    private async Task Agrees(string prefix, Step[][] writers)
    {
        var stores = new List<IStreamStore> { Store };
        while (stores.Count < Stores) stores.Add(await Open());
        var begin = await Store.ReadHeadPosition() + 1;
        var appends = new ConcurrentDictionary<Guid, Append>();
        await Task.WhenAll(writers.Select((steps, writer) => Task.Run(() => Write(stores[writer % stores.Count], prefix, HasOwnStreams ? $"{writer}-" : "", steps, appends))));

        var stored = await ReadFrom(begin);
        Assert.Equal(Enumerable.Range(0, stored.Count).Select(number => begin + number), stored.Select(message => message.Position));
        using var model = new InMemoryStreamStore(() => Now);
        for (var index = 0; index < stored.Count;)
        {
            Assert.True(appends.TryRemove(stored[index].MessageId, out var append), "A message is stored twice, or in the middle of another append.");
            Assert.True(append.IsStored, "An append that was refused is stored.");
            var result = await model.AppendToStream(append.Stream, append.Expected, append.Messages);
            Assert.Equal(append.Messages.Select(message => message.MessageId), stored.Skip(index).Take(append.Messages.Length).Select(message => message.MessageId));
            index += append.Messages.Length;
            Assert.Equal((result.CurrentVersion, result.CurrentPosition + begin), (stored[index - 1].StreamVersion, stored[index - 1].Position));
            if (append.Result is { } told) Assert.Equal((result.CurrentVersion, result.CurrentPosition + begin), (told.CurrentVersion, told.CurrentPosition));
        }

        Assert.DoesNotContain(appends.Values, append => append.IsStored);
    }

    private static async Task Write(IStreamStore store, string prefix, string own, Step[] steps, ConcurrentDictionary<Guid, Append> appends)
    {
        var versions = Enumerable.Repeat(-1, Streams).ToArray();
        foreach (var step in steps)
        {
            var name = prefix + (step.Stream == 0 ? "" : own) + step.Stream;
            var expected = step.Expected switch
            {
                4 => ExpectedVersion.Any,
                3 => ExpectedVersion.NoStream,
                var distance => Math.Max(ExpectedVersion.EmptyStream, versions[step.Stream] + distance),
            };
            NewStreamMessage[] messages = [.. Enumerable.Range(0, step.Messages).Select(_ => new NewStreamMessage(Guid.NewGuid(), "type", "{}"))];
            var append = appends[messages[0].MessageId] = new Append(name, expected, messages);
            using var abort = new CancellationTokenSource();
            if (step.AbortAfter >= 0) abort.CancelAfter(TimeSpan.FromMilliseconds(step.AbortAfter));
            try
            {
                append.Result = await store.AppendToStream(name, expected, messages, abort.Token);
                append.IsStored = true;
                versions[step.Stream] = append.Result.CurrentVersion;
            }
            catch (WrongExpectedVersionException)
            {
                versions[step.Stream] = await store.ReadStreamHeadVersion(name, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // Told so, it must not be stored, now or later.
            }
        }
    }

    private async Task<List<StreamMessage>> ReadFrom(long position)
    {
        var messages = new List<StreamMessage>();
        await foreach (var message in Store.ReadAllAhead(position, pageSize: 7)) messages.Add(message);
        return messages;
    }

    private sealed record Step(int Stream, int Expected, int Messages, int AbortAfter);

    private sealed record Append(string Stream, int Expected, NewStreamMessage[] Messages)
    {
        public AppendResult? Result { get; set; }

        public bool IsStored { get; set; }
    }
}

public sealed class InMemoryConcurrentModelTests(InMemoryFixture fixture) : ConcurrentModelBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class SqliteConcurrentModelTests(SqliteFixture fixture) : ConcurrentModelBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresConcurrentModelTests(PostgresFixture fixture) : ConcurrentModelBehaviour(fixture), IClassFixture<PostgresFixture>;
