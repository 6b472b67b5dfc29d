namespace Bank.Hub.Replays;

/// <summary>What somebody wants to be sent again, and where to.</summary>
public sealed record ReplayRequest
{
    /// <summary>The replay; made by whoever asks.</summary>
    public required Guid ReplayId { get; init; }

    /// <summary>The queue to send to; null or empty when the request names none.</summary>
    public string? ReplyToAddress { get; init; }

    /// <summary>The first position.</summary>
    public required long FromPosition { get; init; }

    /// <summary>The last position; null for the newest one at the time of the request.</summary>
    public long? UpToPosition { get; init; }

    /// <summary>How the names of the wanted streams begin; null for all.</summary>
    public IReadOnlyList<string>? StreamPrefixes { get; init; }

    /// <summary>Full names of the wanted contract events, or of interfaces of theirs; null for all.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>How many events to send per second at most; null for no limit.</summary>
    public int? EventsPerSecond { get; init; }

    /// <summary>How many events to send in one message at most; null for each as a message of its own.</summary>
    public int? EventsPerMessage { get; init; }

    /// <summary>The request as the endpoint got it, for the messages that tell what became of it. The hub stores it and does not look at it.</summary>
    public required string Context { get; init; }
}
