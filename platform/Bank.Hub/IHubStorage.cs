namespace Bank.Hub;

/// <summary>Remembers how far a publisher is, and which instance it is.</summary>
public interface IHubStorage
{
    /// <summary>Creates what is missing.</summary>
    Task Prepare(string name, CancellationToken cancellationToken = default);

    /// <summary>Becomes the publisher, if nobody is or the one who was no longer answers.</summary>
    /// <returns>Null while another instance publishes.</returns>
    Task<Lease?> TryAcquire(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Moves the checkpoint and stays the publisher for another while. The checkpoint never goes back.</summary>
    /// <returns>False when another instance has taken over; nothing was changed then.</returns>
    Task<bool> Save(string name, Lease lease, long position, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Lets the next instance take over at once.</summary>
    Task Release(string name, Lease lease, CancellationToken cancellationToken = default);
}

/// <summary>The right to publish.</summary>
/// <param name="Token">Grows with every change of publisher; an older one is worth nothing.</param>
/// <param name="Position">The last position published before; -1 for none.</param>
public sealed record Lease(long Token, long Position);
