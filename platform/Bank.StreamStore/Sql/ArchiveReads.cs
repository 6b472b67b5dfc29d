using System.Data.Common;
using System.Text;
using Bank.StreamStore.Archiving;

namespace Bank.StreamStore.Sql;

/// <summary>Completes what was read with payloads from the archive.</summary>
internal sealed class ArchiveReads(SqlStreamStoreBase store, ArchiveText sql)
{
    private const long MostBytesKept = 32 * 1024 * 1024;

    private readonly SegmentCache cache = new(MostBytesKept);

    /// <summary>Reads a page, with what is archived of it.</summary>
    /// <param name="read">Reads the page.</param>
    /// <param name="rowsOf">The rows of a page; null when there are none.</param>
    /// <param name="prefetch">Whether messages hold their data.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArchiveDamagedException">A segment is missing, lacks a message, or is not what was written.</exception>
    public async Task<TPage> Complete<TPage>(Func<Task<TPage>> read, Func<TPage, PageRows?> rowsOf, bool prefetch, CancellationToken cancellationToken)
    {
        HashSet<long>? missed = null;
        while (true)
        {
            var page = await read();
            if (rowsOf(page) is not { Archived: { } archived } rows) return page;
            // A row goes in the same moment as its payload: one that is read after its payload was missing was not deleted.
            if (missed is not null)
            {
                foreach (var (index, segment) in archived)
                {
                    if (missed.Contains(rows.Messages[index].Position)) throw Lost(segment, rows.Messages[index].Position);
                }
            }

            var missing = await Fill(rows, archived, prefetch, cancellationToken);
            if (missing.Count == 0) return page;
            (missed ??= []).UnionWith(missing);
        }
    }

    /// <summary>The data of the message at a position; null when it is no longer there.</summary>
    /// <param name="read">Reads its row: the data, or the segment that has them; null when it is no longer there.</param>
    /// <param name="position">The position.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> Data(Func<Task<(string? Text, long? Segment)>> read, long position, CancellationToken cancellationToken)
    {
        for (var wasMissing = false; ; wasMissing = true)
        {
            var (text, segment) = await read();
            if (segment is not { } archived) return text;
            if (wasMissing) cache.Forget(archived);
            var found = cache.Find(archived);
            if (found is null) await Fetch(new() { [archived] = position }, segment => found = segment, cancellationToken);
            if (found?.Find(position) is { } payload) return Encoding.UTF8.GetString(payload.Data.Span);
            if (wasMissing) throw Lost(archived, position);
        }
    }

    private static ArchiveDamagedException Lost(long segment, long position) => new(segment, position, "is missing, or lacks the message");

    /// <returns>The positions of messages that are not where their rows say.</returns>
    private async Task<List<long>> Fill(PageRows rows, List<(int Index, long Segment)> archived, bool prefetch, CancellationToken cancellationToken)
    {
        var bySegment = archived.GroupBy(row => row.Segment, row => row.Index).ToDictionary(group => group.Key, group => group.ToArray());
        var unknown = new Dictionary<long, long>();
        var missing = new List<long>();
        foreach (var (id, indices) in bySegment)
        {
            if (cache.Find(id) is { } kept) FillFrom(kept);
            else unknown.Add(id, rows.Messages[indices[0]].Position);
        }

        // The messages of one stream may be in as many segments as there are messages: one after the other is used and let go.
        if (unknown.Count > 0) await Fetch(unknown, FillFrom, cancellationToken);
        missing.AddRange(bySegment.Values.SelectMany(indices => indices).Select(index => rows.Messages[index].Position));
        return missing;

        void FillFrom(Segment segment)
        {
            bySegment.Remove(segment.Id, out var indices);
            foreach (var index in indices!)
            {
                var message = rows.Messages[index];
                if (segment.Find(message.Position) is var (data, metadata))
                {
                    rows.Messages[index] = message.Filled(Encoding.UTF8.GetString(metadata.Span), prefetch ? data.ToArray() : null);
                }
                else
                {
                    cache.Forget(segment.Id);
                    missing.Add(message.Position);
                }
            }
        }
    }

    /// <param name="needed">The segments, each with the position of a message that it is needed for.</param>
    /// <param name="use">Is called with each that is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task Fetch(Dictionary<long, long> needed, Action<Segment> use, CancellationToken cancellationToken)
    {
        await using var connection = await store.Open(cancellationToken);
        await using var command = store.Command(connection, null, sql.ReadSegments, ("segments", store.NumberList(needed.Keys)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var segment = Read(reader, needed[reader.GetInt64(0)]);
            cache.Keep(segment);
            use(segment);
        }
    }

    /// <summary>Reads a row of <see cref="ArchiveText.ReadSegments"/>.</summary>
    public static Segment Read(DbDataReader reader, long position) =>
        Segment.Decode(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), position);
}
