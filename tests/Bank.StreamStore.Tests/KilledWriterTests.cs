using System.Collections.Concurrent;
using System.Diagnostics;
using Bank.StreamStore.Archiving;
using Bank.StreamStore.Streams;
using Bank.Testing.StoreWriter;

namespace Bank.StreamStore.Tests;

/// <summary>A process that appends is killed in the middle of it, again and again.</summary>
public abstract class KilledWriterBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    protected virtual int Kills => 50;

    protected abstract string[] WriterArguments { get; }

    /// <summary>No process is killed before it has made so many segments: one that lives for a few appends seldom comes to archive on a busy machine.</summary>
    protected virtual int SegmentsFirst => 0;

    /// <summary>No process is killed before so many of its appends have returned.</summary>
    protected virtual int AppendsFirst => 1;

    [SkippableFact]
    public async Task What_a_killed_process_was_told_is_there_once_and_followers_see_no_gap()
    {
        var seen = new ConcurrentQueue<long>();
        using var subscription = Store.SubscribeToAll(null, (_, message, _) =>
        {
            seen.Enqueue(message.Position);
            return Task.CompletedTask;
        });
        var told = Enumerable.Repeat(-1, Numbered.Streams).ToArray();
        for (var kill = 0; kill < Kills; kill++) await WriteUntilKilled(told, afterLines: AppendsFirst + kill % 17);

        var head = await Store.ReadHeadPosition();
        await Until(() => seen.Count > head, $"{head + 1} messages");
        // A server may finish what it was asked for last after the one who asked is dead, so more than the head may have come by now.
        var positions = seen.ToArray();
        Assert.Equal(Enumerable.Range(0, positions.Length).Select(number => (long)number), positions);
        for (var stream = 0; stream < Numbered.Streams; stream++)
        {
            var messages = (await Store.ReadStreamForwards(Numbered.Name(stream), 0, int.MaxValue)).Messages;
            Assert.Equal(Enumerable.Range(0, messages.Length).Select(version => Numbered.Id(stream, version)), messages.Select(message => message.MessageId));
            Assert.InRange(told[stream], -1, messages.Length - 1);
            foreach (var message in messages) AssertSameJson(Numbered.Json(message.StreamVersion), await message.GetJsonData());
        }

        Assert.True(told.Max() > 0, "Nothing was told, so nothing was tried.");
        await Afterwards();
    }

    protected virtual Task Afterwards() => Task.CompletedTask;

    private async Task WriteUntilKilled(int[] told, int afterLines)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Numbered).Assembly.Location, .. WriterArguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (lines, segments, isKilled) = (0, 0, false);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            var numbers = line.Split(' ');
            Assert.True(numbers.Length == 2, line);
            if (numbers[0] == Numbered.Archived)
            {
                segments++;
            }
            else
            {
                var (stream, version) = (int.Parse(numbers[0]), int.Parse(numbers[1]));
                told[stream] = Math.Max(told[stream], version);
                lines++;
            }

            if (isKilled || lines < afterLines || segments < SegmentsFirst) continue;
            process.Kill();
            isKilled = true;
        }

        await process.WaitForExitAsync(limit.Token);
        Assert.True(isKilled, $"It ended by itself: {await errors}");
    }
}

public sealed class PostgresKilledWriterTests(PostgresFixture fixture) : KilledWriterBehaviour(fixture), IClassFixture<PostgresFixture>
{
    protected override string[] WriterArguments => ["PostgreSql", ((PostgresFixture)Fixture).ConnectionString, ((PostgresFixture)Fixture).Schema];
}

/// <summary>A process that writes groups ahead of one another is killed in the middle of it.</summary>
public sealed class PostgresAheadKilledWriterTests(PostgresAheadFixture fixture) : KilledWriterBehaviour(fixture), IClassFixture<PostgresAheadFixture>
{
    protected override int Kills => 20;

    // At first it repeats appends, which no group ahead may do.
    protected override int AppendsFirst => 400;

    protected override string[] WriterArguments => ["PostgreSql", ((PostgresFixture)Fixture).ConnectionString, ((PostgresFixture)Fixture).Schema, "ahead"];

    protected override async Task Afterwards() =>
        Assert.True(await ((PostgresAheadFixture)Fixture).GroupsAhead() >= Kills, "Hardly a group was written ahead, so nothing was tried.");
}

public sealed class SqliteKilledWriterTests(SqliteFixture fixture) : KilledWriterBehaviour(fixture), IClassFixture<SqliteFixture>
{
    protected override string[] WriterArguments => ["Sqlite", ((SqliteFixture)Fixture).ConnectionString, ""];
}

/// <summary>A process that appends, and archives what it has appended, is killed in the middle of it.</summary>
public abstract class KilledArchiverBehaviour(StoreFixture fixture) : KilledWriterBehaviour(fixture)
{
    protected override int Kills => 8;

    protected override int SegmentsFirst => 1;

    /// <summary>Something was archived, and another process goes on with the rest.</summary>
    protected override async Task Afterwards()
    {
        var archive = (IStreamArchive)Store;
        var head = await Store.ReadHeadPosition();
        var left = 0;
        await foreach (var some in archive.FindArchivable(DateTime.MaxValue)) left += some.Messages;
        Assert.True(left <= head, $"{left} messages were left to archive of {head + 1}, so nothing was tried.");
        await foreach (var segment in archive.Archive(DateTime.MaxValue)) left -= segment.Messages;
        Assert.Equal(0, left);
        foreach (var message in (await Store.ReadAllForwards(0, int.MaxValue)).Messages) AssertSameJson(Numbered.Json(message.StreamVersion), await message.GetJsonData());
    }
}

public sealed class PostgresKilledArchiverTests(PostgresFixture fixture) : KilledArchiverBehaviour(fixture), IClassFixture<PostgresFixture>
{
    protected override string[] WriterArguments => ["PostgreSql", ((PostgresFixture)Fixture).ConnectionString, ((PostgresFixture)Fixture).Schema, "archive"];
}

public sealed class SqliteKilledArchiverTests(SqliteFixture fixture) : KilledArchiverBehaviour(fixture), IClassFixture<SqliteFixture>
{
    protected override string[] WriterArguments => ["Sqlite", ((SqliteFixture)Fixture).ConnectionString, "", "archive"];
}
