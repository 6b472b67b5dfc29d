using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Bank.StreamStore.Archiving;

namespace Bank.StreamStore.Sql;

/// <summary>Moves payloads from the rows of messages to segments of the archive.</summary>
/// <remarks>
/// Payloads are read and compressed without a lock. The transaction that writes the segment then takes those rows that are still there and belong to nobody else; when one is missing, it is
/// given up, and the segment is made anew. So it holds locks for a moment only, and neither the head row nor anybody who deletes or archives is waited for.
/// </remarks>
internal sealed class Archiver(SqlStreamStoreBase store, ArchiveText sql)
{
    // A larger segment is smaller for each message, but more must be decompressed for one of them.
    private const int MostMessages = 500;
    private const long MostBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(50);

    // What UTF-8 cannot express stays as it is.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async IAsyncEnumerable<ArchivedSegment> Archive(DateTime before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = await LastArchived(cancellationToken);
        while (await Survey(after, before, cancellationToken) is { } found)
        {
            if (found.Positions.Count > 0)
            {
                var (isDone, segment) = await Transient.Retry(_ => Move(found, cancellationToken), cancellationToken);
                if (!isDone)
                {
                    await Task.Delay(AgainAfter, cancellationToken);
                    continue;
                }

                if (segment is not null) yield return segment;
            }

            if (found.IsLast) yield break;
            after = found.Last;
        }
    }

    public async IAsyncEnumerable<ArchivableMessages> FindArchivable(DateTime before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = await LastArchived(cancellationToken);
        while (await Survey(after, before, cancellationToken) is { } found)
        {
            if (found.Positions.Count > 0) yield return new ArchivableMessages(found.Positions[0], found.Positions[^1], found.Positions.Count, found.Bytes);
            if (found.IsLast) yield break;
            after = found.Last;
        }
    }

    public async Task ReuseSpace(CancellationToken cancellationToken)
    {
        if (sql.ReuseSpace is not { } text) return;
        await using var connection = await store.Open(cancellationToken);
        await using var command = store.Command(connection, null, text);
        // Takes as long as the table is large.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private Task<long> LastArchived(CancellationToken cancellationToken) => Transient.Retry(async _ =>
    {
        await using var connection = await store.Open(cancellationToken);
        await using var command = store.Command(connection, null, sql.LastArchived);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }, cancellationToken);

    /// <returns>What comes next, which may hold nothing that can be archived; null when everything was looked at.</returns>
    private Task<Found?> Survey(long after, DateTime before, CancellationToken cancellationToken) => Transient.Retry(async _ =>
    {
        await using var connection = await store.Open(cancellationToken);
        await using var command = store.Command(connection, null, sql.Survey, ("position", after), ("count", MostMessages));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (positions, seen, last, bytes) = (new List<long>(), 0, after, 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (store.ReadTime(reader, 1) >= before) return seen == 0 ? null : new Found(positions, bytes, last, IsLast: true);
            var size = reader.GetInt64(3);
            if (seen > 0 && bytes + size > MostBytes) return new Found(positions, bytes, last, IsLast: false);
            last = reader.GetInt64(0);
            seen++;
            if (reader.GetInt32(2) == 0) continue;
            positions.Add(last);
            bytes += size;
        }

        return seen == 0 ? null : new Found(positions, bytes, last, IsLast: seen < MostMessages);
    }, cancellationToken);

    /// <returns>Whether there is nothing more to do, and what was archived; null for nothing.</returns>
    private async Task<(bool IsDone, ArchivedSegment? Segment)> Move(Found found, CancellationToken cancellationToken)
    {
        await using var connection = await store.Open(cancellationToken);
        var payloads = await ReadPayloads(connection, found.Positions, cancellationToken);
        if (payloads.Count == 0) return (true, null);
        var stored = Segment.Encode(payloads);
        var positions = payloads.ConvertAll(payload => payload.Position);
        await using var transaction = await store.Begin(connection, forWriting: true, cancellationToken);
        if (sql.NoteVersion is { } noteVersion) await Execute(noteVersion);
        // At random: a segment of that number has never been there before, not even in tables that were dropped while somebody remembers segments of them.
        var id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
        await Execute(
            sql.InsertSegment, ("segment", id), ("first", positions[0]), ("last", positions[^1]), ("messages", positions.Count),
            ("checksum", Segment.ChecksumOf(stored)), ("payload", stored));
        // Deleted, or archived by somebody else, or about to be.
        if (await Execute(sql.TakePayloads, ("segment", id), ("positions", store.NumberList(positions))) != positions.Count) return (false, null);
        await transaction.CommitAsync(CancellationToken.None);
        return (true, new ArchivedSegment(positions[0], positions[^1], positions.Count, found.Bytes, stored.Length));

        async Task<int> Execute(string text, params (string Name, object Value)[] parameters)
        {
            await using var command = store.Command(connection, transaction, text, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<List<ArchivedPayload>> ReadPayloads(DbConnection connection, List<long> positions, CancellationToken cancellationToken)
    {
        await using var command = store.Command(connection, null, sql.ReadPayloads, ("positions", store.NumberList(positions)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var payloads = new List<ArchivedPayload>(positions.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            try
            {
                payloads.Add(new ArchivedPayload(reader.GetInt64(0), Strict.GetBytes(reader.GetString(1)), reader.IsDBNull(2) ? default : Strict.GetBytes(reader.GetString(2))));
            }
            catch (EncoderFallbackException)
            {
                // Half a pair of surrogates, which SQL Server stores.
            }
        }

        return payloads;
    }

    /// <param name="Positions">Those that can be archived together.</param>
    /// <param name="Bytes">What their payloads take up.</param>
    /// <param name="Last">The last position that was looked at.</param>
    /// <param name="IsLast">Whether there is nothing more.</param>
    private sealed record Found(List<long> Positions, long Bytes, long Last, bool IsLast);
}
