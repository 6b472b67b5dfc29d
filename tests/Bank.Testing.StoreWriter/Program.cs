using Bank.StreamStore;
using Bank.StreamStore.Archiving;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using Bank.Testing.StoreWriter;

// Arguments: the kind of database, how to reach it, the schema, and "archive" to archive at the same time what it appends, or "ahead" to write groups ahead whenever two appends wait.
// Appends to all streams until it is killed, and prints a line for each append that returned, and one for each segment.
var writesAhead = args is [_, _, _, "ahead"];
using IStreamStore store = args[0] == "PostgreSql"
    ? new PostgresStreamStore(new PostgresStreamStoreSettings(args[1]) { Schema = args[2], Ahead = writesAhead ? new WritingAhead(1, 1) : new WritingAhead() })
    : new SqliteStreamStore(new SqliteStreamStoreSettings(args[1]));
using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
var archiving = args.Length > 3 && args[3] == "archive" ? [Task.Run(Archive)] : Array.Empty<Task>();
await Task.WhenAll([.. archiving, .. Enumerable.Range(0, Numbered.Streams).Select(stream => Task.Run(() => Write(stream)))]);

async Task Archive()
{
    while (true)
    {
        await foreach (var segment in ((IStreamArchive)store).Archive(DateTime.MaxValue)) await output.WriteLineAsync($"{Numbered.Archived} {segment.Messages}");
        // SQLite never waits by itself, and the others need threads too.
        await Task.Yield();
    }
}

async Task Write(int stream)
{
    var head = await store.ReadStreamHeadVersion(Numbered.Name(stream));
    for (var round = 0; ; round++)
    {
        // What the process before this one may have left unknown is appended again, and must change nothing.
        var first = round == 0 && head >= 0 ? head : head + 1;
        var expected = first == 0 ? ExpectedVersion.NoStream : first - 1;
        var result = await store.AppendToStream(Numbered.Name(stream), expected, Numbered.Messages(stream, first, first == head ? 1 : 1 + round % 3));
        head = result.CurrentVersion;
        await output.WriteLineAsync($"{stream} {head}");
        // One that is refused takes the groups after it along, so that none would be written ahead.
        if (round % 5 == 4 && !writesAhead) await MustBeRefused(stream, head);
    }
}

async Task MustBeRefused(int stream, int head)
{
    try
    {
        await store.AppendToStream(Numbered.Name(stream), head + 5, Numbered.Messages(stream, head + 6, 2));
        await output.WriteLineAsync($"An append to {Numbered.Name(stream)} was accepted at version {head}, which expected {head + 5}.");
    }
    catch (WrongExpectedVersionException)
    {
        // As it should be; it must not leave a gap.
    }
}
