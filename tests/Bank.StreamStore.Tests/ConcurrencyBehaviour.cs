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
