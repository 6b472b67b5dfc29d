using System.Collections.Concurrent;
using System.Diagnostics;
using Bank.StreamStore.Streams;
using Bank.Testing.StoreWriter;

namespace Bank.StreamStore.Tests;

/// <summary>A process that appends is killed in the middle of it, again and again.</summary>
public abstract class KilledWriterBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const int Kills = 50;

    protected abstract string[] WriterArguments { get; }

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
        for (var kill = 0; kill < Kills; kill++) await WriteUntilKilled(told, afterLines: 1 + kill % 17);

        var head = await Store.ReadHeadPosition();
        await Until(() => seen.Count > head, $"{head + 1} messages");
        Assert.Equal(Enumerable.Range(0, (int)head + 1).Select(number => (long)number), seen);
        for (var stream = 0; stream < Numbered.Streams; stream++)
        {
            var messages = (await Store.ReadStreamForwards(Numbered.Name(stream), 0, int.MaxValue)).Messages;
            Assert.Equal(Enumerable.Range(0, messages.Length).Select(version => Numbered.Id(stream, version)), messages.Select(message => message.MessageId));
            Assert.InRange(told[stream], 0, messages.Length - 1);
        }
    }

    private async Task WriteUntilKilled(int[] told, int afterLines)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Numbered).Assembly.Location, .. WriterArguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var lines = 0;
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            var numbers = line.Split(' ');
            Assert.True(numbers.Length == 2, line);
            var (stream, version) = (int.Parse(numbers[0]), int.Parse(numbers[1]));
            told[stream] = Math.Max(told[stream], version);
            if (++lines == afterLines) process.Kill();
        }

        await process.WaitForExitAsync(limit.Token);
        Assert.True(lines >= afterLines, $"It ended by itself: {await errors}");
    }
}

public sealed class PostgresKilledWriterTests(PostgresFixture fixture) : KilledWriterBehaviour(fixture), IClassFixture<PostgresFixture>
{
    protected override string[] WriterArguments => ["PostgreSql", ((PostgresFixture)Fixture).ConnectionString, ((PostgresFixture)Fixture).Schema];
}

public sealed class SqliteKilledWriterTests(SqliteFixture fixture) : KilledWriterBehaviour(fixture), IClassFixture<SqliteFixture>
{
    protected override string[] WriterArguments => ["Sqlite", ((SqliteFixture)Fixture).ConnectionString, ""];
}
