namespace Bank.Hub;

/// <summary>Where the publishing of an instance stands, for health and people.</summary>
public sealed class HubState
{
    private readonly Lock gate = new();
    private Snapshot current = new(false, -1, -1, null);

    /// <summary>The state now.</summary>
    public Snapshot Current
    {
        get
        {
            lock (gate) return current;
        }
    }

    /// <summary>Begins to publish. An error stays until something was published after it.</summary>
    internal void Begin(long position)
    {
        lock (gate) current = current with { IsPublisher = true, Position = position };
    }

    internal void Reach(long position, long head)
    {
        lock (gate) current = current with { Position = position, Head = head };
    }

    internal void Follow(long position, long head)
    {
        lock (gate) current = new Snapshot(true, position, head, null);
    }

    /// <summary>Another instance publishes; what held this one up is no longer its concern.</summary>
    internal void StandBy()
    {
        lock (gate) current = current with { IsPublisher = false, Error = null };
    }

    internal void Fail(string error)
    {
        lock (gate) current = current with { Error = error };
    }

    /// <summary>The state at an instant.</summary>
    /// <param name="IsPublisher">Whether this instance publishes; false while another one does.</param>
    /// <param name="Position">The last position published; -1 for none.</param>
    /// <param name="Head">The last position stored, as last seen; -1 for none.</param>
    /// <param name="Error">Why publishing does not go on; null when it does.</param>
    public sealed record Snapshot(bool IsPublisher, long Position, long Head, string? Error)
    {
        /// <summary>How many stored events are still to be published.</summary>
        public long Lag => Math.Max(0, Head - Position);
    }
}
