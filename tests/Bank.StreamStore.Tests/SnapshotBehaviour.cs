using System.Globalization;
using Bank.StreamStore.Archiving;
using Bank.StreamStore.Snapshots;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>States are folded from snapshots and what came after, and are always those of the whole stream.</summary>
public abstract class SnapshotBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const int SnapshotEvery = 20;
    private const string Stream = "sum";

    private int applied;

    private ISnapshotStore Snapshots => (ISnapshotStore)Store;

    private Folding<int> Sum => new()
    {
        Empty = 0,
        Apply = (sum, _, json) =>
        {
            applied++;
            return sum + int.Parse(json, CultureInfo.InvariantCulture);
        },
        SnapshotType = "sum/1",
        Write = sum => $$"""{"sum":{{sum}}}""",
        Read = json => int.Parse(json[7..^1], CultureInfo.InvariantCulture),
        SnapshotEvery = SnapshotEvery,
    };

    [SkippableFact]
    public async Task A_long_stream_is_folded_once_and_then_only_what_is_new()
    {
        await AppendNumbers(1, 2000);
        Assert.Equal(2001 * 1000, await Fresh().Load(Stream));
        Assert.Equal(2000, applied);

        await AppendNumbers(2001, SnapshotEvery - 1);
        applied = 0;
        Assert.Equal((2000 + SnapshotEvery) * (1999 + SnapshotEvery) / 2, await Fresh().Load(Stream));
        Assert.Equal(SnapshotEvery - 1, applied);
    }

    [SkippableFact]
    public async Task What_is_in_memory_is_not_folded_again_and_follows_other_processes()
    {
        var states = Fresh(withSnapshots: false);
        await AppendNumbers(1, 10);
        await states.Load(Stream);
        await AppendNumbers(11, 1);
        applied = 0;
        Assert.Equal(66, await states.Load(Stream));
        Assert.Equal(66, await states.Load(Stream));
        Assert.Equal(1, applied);
    }

    [SkippableFact]
    public async Task A_stream_that_is_missing_has_the_empty_state()
    {
        Assert.Equal(0, await Fresh().Load(Stream));
        Assert.Null(await Snapshots.ReadSnapshot(Stream, "sum/1"));
    }

    [SkippableFact]
    public async Task A_stream_that_was_deleted_and_made_anew_is_folded_anew()
    {
        var states = Fresh();
        await AppendNumbers(1, 30);
        await states.Load(Stream);
        await Store.DeleteStream(Stream);
        await AppendNumbers(1001, 40);
        var sum = Enumerable.Range(1001, 40).Sum();
        Assert.Equal(sum, await states.Load(Stream));
        Assert.Equal(sum, await Fresh().Load(Stream));
    }

    [SkippableFact]
    public async Task A_snapshot_of_another_shape_or_none_that_can_be_read_is_passed_over()
    {
        await AppendNumbers(1, 30);
        await Snapshots.WriteSnapshot(Stream, "sum/0", new Snapshot(29, Id(30), """{"total":1}"""));
        await Snapshots.WriteSnapshot(Stream, "sum/1", new Snapshot(29, Id(30), "nonsense"));
        Assert.Equal(465, await Fresh().Load(Stream));
        Assert.Equal("""{"sum":465}""", (await Snapshots.ReadSnapshot(Stream, "sum/1"))!.Json);
        Assert.Equal("""{"total":1}""", (await Snapshots.ReadSnapshot(Stream, "sum/0"))!.Json);
    }

    [SkippableFact]
    public async Task A_snapshot_replaces_the_one_before()
    {
        await Snapshots.WriteSnapshot(Stream, "sum/1", new Snapshot(1, Id(2), "1"));
        await Snapshots.WriteSnapshot(Stream, "sum/1", new Snapshot(2, Id(3), "2"));
        Assert.Equal(new Snapshot(2, Id(3), "2"), await Snapshots.ReadSnapshot(Stream, "sum/1"));
        Assert.Null(await Snapshots.ReadSnapshot("other", "sum/1"));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_folded_over_archived_messages_with_a_snapshot_and_without(bool withSnapshots)
    {
        await AppendNumbers(1, 30);
        await Fresh().Load(Stream);
        await AppendNumbers(31, 5);
        Skip.If(Store is not IStreamArchive, "This store has no archive.");
        var archived = 0;
        await foreach (var segment in ((IStreamArchive)Store).Archive(Now.AddDays(1))) archived += segment.Messages;
        Assert.Equal(35, archived);
        await AppendNumbers(36, 3);
        applied = 0;
        Assert.Equal(38 * 39 / 2, await Fresh(withSnapshots).Load(Stream));
        Assert.Equal(withSnapshots ? 8 : 38, applied);
    }

    /// <summary>As in a process that has just started.</summary>
    private FoldedStreams<int> Fresh(bool withSnapshots = true) => new(Store, withSnapshots ? Snapshots : null, Sum);

    private Task AppendNumbers(int first, int count) => Store.AppendToStream(
        Stream, ExpectedVersion.Any, [.. Enumerable.Range(first, count).Select(number => new NewStreamMessage(Id(number), "number", number.ToString(CultureInfo.InvariantCulture)))]);
}

public sealed class InMemorySnapshotTests(InMemoryFixture fixture) : SnapshotBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class SqliteSnapshotTests(SqliteFixture fixture) : SnapshotBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresSnapshotTests(PostgresFixture fixture) : SnapshotBehaviour(fixture), IClassFixture<PostgresFixture>
{
    [SkippableFact]
    public async Task A_stream_of_200_000_messages_is_loaded_by_reading_no_more_of_it_than_of_one_with_20()
    {
        for (var first = 0; first < 200_000; first += 5000)
        {
            await Store.AppendToStream(
                "long", ExpectedVersion.Any, [.. Enumerable.Range(first + 1, 5000).Select(number => new NewStreamMessage(Id(number), "number", "1"))]);
        }

        var applied = 0;
        var count = new Folding<int>
        {
            Empty = 0,
            Apply = (sum, _, _) =>
            {
                applied++;
                return sum + 1;
            },
            SnapshotType = "count/1",
            Write = sum => sum.ToString(CultureInfo.InvariantCulture),
            Read = json => int.Parse(json, CultureInfo.InvariantCulture),
        };
        var snapshots = (ISnapshotStore)Store;
        Assert.Equal(200_000, await new FoldedStreams<int>(Store, snapshots, count).Load("long"));
        await Store.AppendToStream("long", 199_999, Messages(200_001, 200_002));
        applied = 0;
        Assert.Equal(200_002, await new FoldedStreams<int>(Store, snapshots, count).Load("long"));
        Assert.Equal(2, applied);
    }
}
