namespace Bank.Testing.CrashingEndpoint;

/// <summary>The moments in the life of a message at which its process may die, in their order.</summary>
public enum Phase
{
    /// <summary>Taken from the queue, nothing done yet.</summary>
    Received,

    /// <summary>All handlers are through, nothing is stored.</summary>
    Handled,

    /// <summary>The record of the outbox is written but not committed.</summary>
    Storing,

    /// <summary>Committed, nothing is sent.</summary>
    Stored,

    /// <summary>The first of several messages is sent.</summary>
    HalfDispatched,

    /// <summary>Everything is sent, the record does not say so.</summary>
    Dispatched,

    /// <summary>The record says so, the message is still in the queue.</summary>
    Marked,

    /// <summary>The message is acknowledged, and the next one is there.</summary>
    Acknowledged,
}
