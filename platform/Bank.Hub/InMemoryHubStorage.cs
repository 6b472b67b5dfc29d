namespace Bank.Hub;

/// <summary>A storage that lives and dies with its process. For tests.</summary>
/// <param name="clock">The time.</param>
public sealed class InMemoryHubStorage(TimeProvider clock) : IHubStorage
{
    private static readonly Row Empty = new("", DateTimeOffset.MinValue, 0, -1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Row> rows = new(StringComparer.Ordinal);

    /// <summary>The last position published by a hub of the default name; -1 for none.</summary>
    public long Position
    {
        get
        {
            lock (gate) return RowOf(new HubOptions().Name).Position;
        }
    }

    /// <inheritdoc />
    public Task Prepare(string name, CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<Lease?> TryAcquire(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            var row = RowOf(name);
            if (row.Expires > clock.GetUtcNow() && row.Owner != owner) return Task.FromResult<Lease?>(null);
            rows[name] = row = row with { Owner = owner, Expires = clock.GetUtcNow() + duration, Token = row.Token + 1 };
            return Task.FromResult<Lease?>(new Lease(row.Token, row.Position));
        }
    }

    /// <inheritdoc />
    public Task<bool> Save(string name, Lease lease, long position, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            var row = RowOf(name);
            if (lease.Token != row.Token || position < row.Position) return Task.FromResult(false);
            rows[name] = row with { Position = position, Expires = clock.GetUtcNow() + duration };
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc />
    public Task Release(string name, Lease lease, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            var row = RowOf(name);
            if (lease.Token == row.Token) rows[name] = row with { Expires = DateTimeOffset.MinValue };
            return Task.CompletedTask;
        }
    }

    private Row RowOf(string name) => rows.GetValueOrDefault(name, Empty);

    private sealed record Row(string Owner, DateTimeOffset Expires, long Token, long Position);
}
