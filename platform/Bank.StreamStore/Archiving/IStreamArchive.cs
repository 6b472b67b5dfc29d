namespace Bank.StreamStore.Archiving;

/// <summary>
/// Keeps the payloads of very old messages compressed and out of the way. Whoever reads sees no difference; ids, versions, positions and types stay where they are.
/// </summary>
/// <remarks>
/// SqlStreamStore, and earlier versions of this store, cannot read archived messages: all processes must be of this version before anything is archived.
/// Payloads of streams of the store itself (<c>$…</c>), and of streams that have a limit of age or number, are not archived.
/// </remarks>
public interface IStreamArchive
{
    /// <summary>
    /// Archives the payloads of what was recorded before a time, oldest first, until a message is met that was not. Each segment is archived when it is returned, in a transaction of its own;
    /// whoever stops, or dies, may begin again at any time. Others may append, read, delete, and archive meanwhile.
    /// </summary>
    /// <param name="before">The time, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The segments, as they are archived. Nothing happens between one and the next, so the caller sets the pace.</returns>
    IAsyncEnumerable<ArchivedSegment> Archive(DateTime before, CancellationToken cancellationToken = default);

    /// <summary>Says what <see cref="Archive"/> would archive.</summary>
    /// <param name="before">The time, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The segments that would be made.</returns>
    IAsyncEnumerable<ArchivableMessages> FindArchivable(DateTime before, CancellationToken cancellationToken = default);

    /// <summary>Makes the space that archived payloads have left usable for what comes, where the database does not do so by itself. Nobody has to wait for it. What remains is not given back to the file system.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task ReuseSpace(CancellationToken cancellationToken = default);
}
