using Bank.StreamStore.Archiving;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>Messages are archived while others append, delete and read.</summary>
public abstract class ArchiveConcurrencyBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const int Streams = 4;
    private const int Rounds = 60;

    [SkippableFact]
    public async Task Whoever_reads_while_messages_are_archived_and_deleted_sees_what_was_written_or_nothing()
    {
        using var over = new CancellationTokenSource();
        var (archiver, deleter, reader) = (await Open(), await Open(), await Open());
        var archived = 0;
        var archiving = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await foreach (var segment in ((IStreamArchive)archiver).Archive(Now.AddDays(1))) Interlocked.Add(ref archived, segment.Messages);
            }
        });
        var reading = Task.Run(async () =>
        {
            for (var round = 0; !over.IsCancellationRequested; round++) await ReadAll(reader, prefetch: round % 2 == 0);
        });
        var deleting = Task.Run(async () =>
        {
            for (var round = 0; !over.IsCancellationRequested; round++)
            {
                for (var stream = 0; stream < Streams; stream++) await deleter.DeleteMessage(Name(stream), Id(1 + round * 3));
                if (round % 10 == 9) await deleter.DeleteStream(Name(0));
            }
        });

        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++) await Store.AppendToStream(Name(stream), ExpectedVersion.Any, [.. Enumerable.Range(1 + round * 5, 5).Select(Message)]);
        })));
        await Until(() => Volatile.Read(ref archived) > 100, "100 archived messages");
        await over.CancelAsync();
        await Task.WhenAll(archiving, reading, deleting).WaitAsync(TimeSpan.FromSeconds(120));
        Assert.NotEqual(0, await ReadAll(await Open(), prefetch: true));
        var held = (await Store.ReadStreamForwards(Name(1), 0, 1000)).Messages;
        Assert.Equal(held.Select(message => message.MessageId).Distinct(), held.Select(message => message.MessageId));
    }

    private static string Name(int stream) => $"stream-{stream}";

    private static NewStreamMessage Message(int id) => new(Id(id), "type", $$"""{"id":"{{Id(id)}}"}""", $$"""{"of":"{{Id(id)}}"}""");

    private static async Task<int> ReadAll(IReadonlyStreamStore store, bool prefetch)
    {
        var read = 0;
        for (var page = await store.ReadAllForwards(0, 37, prefetch); ; page = await page.ReadNext())
        {
            foreach (var message in page.Messages.Where(message => message.StreamId[0] != '$'))
            {
                var data = await message.GetJsonData();
                if (data is null) continue;
                AssertSameJson($$"""{"id":"{{message.MessageId}}"}""", data);
                AssertSameJson($$"""{"of":"{{message.MessageId}}"}""", message.JsonMetadata);
                read++;
            }

            if (page.IsEnd) return read;
        }
    }
}
