using System.Collections.Concurrent;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>Several stores on one database, as several processes would have.</summary>
public abstract class ConcurrencyBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const int Writers = 8;
    private const int AppendsPerWriter = 40;

    [SkippableFact]
    public async Task A_follower_sees_every_position_once_and_in_order_while_others_write_and_are_refused()
    {
        var stores = new[] { Store, await Open() };
        var follower = await Open();
        var seen = new ConcurrentQueue<long>();
        using var subscription = follower.SubscribeToAll(null, (_, message, _) =>
        {
            seen.Enqueue(message.Position);
            return Task.CompletedTask;
        });

        var written = 0;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < AppendsPerWriter; i++)
            {
                var id = writer * AppendsPerWriter + i + 1;
                var store = stores[i % stores.Length];
                try
                {
                    // Every third append expects a version that the stream does not have, or has no more.
                    await store.AppendToStream($"stream-{id % 5}", i % 3 == 2 ? i : ExpectedVersion.Any, Messages(id, id + 1_000_000));
                    Interlocked.Add(ref written, 2);
                }
                catch (WrongExpectedVersionException)
                {
                }
            }
        })));

        await Until(() => seen.Count >= written, $"{written} messages");
        Assert.Equal(Enumerable.Range(0, written).Select(i => (long)i), seen);
        Assert.Equal(written - 1, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task A_follower_sees_what_remains_once_and_in_order_while_others_write_and_delete()
    {
        var stores = new[] { Store, await Open() };
        var follower = await Open();
        var seen = new ConcurrentQueue<(long Position, string Stream)>();
        await Store.SetStreamMetadata("limited", maxCount: 3);
        using var subscription = follower.SubscribeToAll(null, (_, message, _) =>
        {
            seen.Enqueue((message.Position, message.StreamId));
            return Task.CompletedTask;
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 1; i <= 15; i++)
            {
                var store = stores[(writer + i) % 2];
                await store.AppendToStream($"kept-{writer}", ExpectedVersion.Any, Messages(i));
                await store.AppendToStream("limited", ExpectedVersion.Any, Messages(1000 * writer + i));
                await store.AppendToStream($"deleted-{writer}", ExpectedVersion.Any, Messages(i));
                await store.DeleteStream($"deleted-{writer}");
                await store.SetStreamMetadata($"kept-{writer}", metadataJson: $"{i % 2}");
                await store.DeleteMessage("limited", Id(1000 * writer + i));
            }
        })));

        var head = await Store.ReadHeadPosition();
        await Until(() => !seen.IsEmpty && seen.Last().Position == head, "the head");
        Assert.Equal(seen.Select(message => message.Position).Distinct().Order(), seen.Select(message => message.Position));
        var there = new List<long>();
        for (var page = await Store.ReadAllForwards(0, 1000); ; page = await page.ReadNext())
        {
            there.AddRange(page.Messages.Select(message => message.Position));
            if (page.IsEnd) break;
        }

        Assert.Empty(there.Except(seen.Select(message => message.Position)));
        for (var writer = 0; writer < 4; writer++)
        {
            Assert.Equal(Enumerable.Range(0, 15), (await Store.ReadStreamForwards($"kept-{writer}", 0, 100)).Messages.Select(message => message.StreamVersion));
            Assert.Equal(14, (await Store.GetStreamMetadata($"kept-{writer}")).MetadataStreamVersion);
        }

        // Every message of the two kinds of streams that are deleted from was noted once, whoever deleted it.
        Assert.Equal(60 + 60, (await Store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 1000)).Messages.Length);
    }

    [SkippableFact]
    public async Task Only_one_of_many_wins_a_version()
    {
        var stores = new[] { Store, await Open() };
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 10).Select(async i =>
        {
            try
            {
                await stores[i % 2].AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(i));
                return true;
            }
            catch (WrongExpectedVersionException)
            {
                return false;
            }
        }));
        Assert.Single(outcomes, won => won);
    }

    [SkippableFact]
    public async Task The_schema_may_be_created_by_several_at_once()
    {
        await Fixture.Reset();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Open)));
        await stores[0].AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        Assert.Equal(0, await stores[3].ReadHeadPosition());
    }
}
