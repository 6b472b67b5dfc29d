namespace Bank.Hub.Tests;

/// <summary>Fails the first time the checkpoint is to be moved, after everything was published.</summary>
internal sealed class CrashingStorage(IHubStorage inner) : IHubStorage
{
    private bool _crashed;

    public Task Prepare(string name, CancellationToken cancellationToken = default) => inner.Prepare(name, cancellationToken);

    public Task<Lease?> TryAcquire(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) =>
        inner.TryAcquire(name, owner, duration, cancellationToken);

    public Task<bool> Save(string name, Lease lease, long position, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        if (_crashed) return inner.Save(name, lease, position, duration, cancellationToken);
        _crashed = true;
        throw new IOException("The power went out.");
    }

    public Task Release(string name, Lease lease, CancellationToken cancellationToken = default) => inner.Release(name, lease, cancellationToken);
}
