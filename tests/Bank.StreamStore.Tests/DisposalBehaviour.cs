using Bank.StreamStore.Snapshots;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>What a disposed store does; the same for every store.</summary>
public abstract class DisposalBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    public static TheoryData<string, Func<IStreamStore, Task>> Calls => new()
    {
        { "append", store => store.AppendToStream("a", ExpectedVersion.Any, Messages(1)) },
        { "append nothing", store => store.AppendToStream("a", 0, []) },
        { "delete stream", store => store.DeleteStream("a") },
        { "delete message", store => store.DeleteMessage("a", Id(1)) },
        { "set metadata", store => store.SetStreamMetadata("a", maxCount: 1) },
        { "get metadata", store => store.GetStreamMetadata("a") },
        { "read stream forwards", store => store.ReadStreamForwards("a", 0, 1) },
        { "read stream backwards", store => store.ReadStreamBackwards("a", StreamVersion.End, 1) },
        { "read all forwards", store => store.ReadAllForwards(0, 1) },
        { "read all backwards", store => store.ReadAllBackwards(Position.End, 1) },
        { "read head", store => store.ReadHeadPosition() },
        { "read stream head position", store => store.ReadStreamHeadPosition("a") },
        { "read stream head version", store => store.ReadStreamHeadVersion("a") },
        { "list", store => store.ListStreams() },
        { "list by pattern", store => store.ListStreams(Pattern.StartsWith("a")) },
        { "read snapshot", store => ((ISnapshotStore)store).ReadSnapshot("a", "t") },
        { "write snapshot", store => ((ISnapshotStore)store).WriteSnapshot("a", "t", new Snapshot(0, Id(1), "{}")) },
        { "follow all", store => Task.FromResult(store.SubscribeToAll(null, (_, _, _) => Task.CompletedTask)) },
        { "follow stream", store => Task.FromResult(store.SubscribeToStream("a", null, (_, _, _) => Task.CompletedTask)) },
    };

    [SkippableTheory]
    [MemberData(nameof(Calls))]
    public async Task A_disposed_store_refuses_every_call(string call, Func<IStreamStore, Task> make)
    {
        Assert.NotEmpty(call);
        Store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => make(Store));
    }

    [SkippableFact]
    public void A_store_may_be_disposed_twice_and_says_so_each_time()
    {
        var said = 0;
        Store.OnDispose += () => said++;
        Store.Dispose();
        Store.Dispose();
        Assert.Equal(2, said);
    }
}
