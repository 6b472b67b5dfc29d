namespace Bank.Hub;

/// <summary>A storage that lives and dies with its process. For tests.</summary>
/// <param name="clock">The time.</param>
public sealed class InMemoryHubStorage(TimeProvider clock) : IHubStorage
{
    private readonly Lock gate = new();
    private string? owner;
    private DateTimeOffset expires = DateTimeOffset.MinValue;
    private long token;
    private long position = -1;

    /// <summary>The last position published; -1 for none.</summary>
    public long Position
    {
        get
        {
            lock (gate) return position;
        }
    }

    /// <inheritdoc />
    public Task Prepare(string name, CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<Lease?> TryAcquire(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (expires > clock.GetUtcNow() && this.owner != owner) return Task.FromResult<Lease?>(null);
            this.owner = owner;
            expires = clock.GetUtcNow() + duration;
            return Task.FromResult<Lease?>(new Lease(++token, position));
        }
    }

    /// <inheritdoc />
    public Task<bool> Save(string name, Lease lease, long position, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (lease.Token != token || position < this.position) return Task.FromResult(false);
            this.position = position;
            expires = clock.GetUtcNow() + duration;
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc />
    public Task Release(string name, Lease lease, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (lease.Token == token) expires = DateTimeOffset.MinValue;
            return Task.CompletedTask;
        }
    }
}
