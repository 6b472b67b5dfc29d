using System.Text.Json;

namespace Bank.Hub.Replays;

/// <summary>What the asker of a replay is told.</summary>
/// <param name="EventId">Identifies the news; the same each time they are told.</param>
/// <param name="At">When.</param>
/// <param name="Request">What was asked for.</param>
public abstract record ReplayNews(Guid EventId, DateTimeOffset At, ReplayRequest Request);

/// <summary>The replay begins.</summary>
/// <param name="EventId">Identifies the news.</param>
/// <param name="At">When.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="UpTo">The last position to send; -1 for none.</param>
public sealed record ReplayBegan(Guid EventId, DateTimeOffset At, ReplayRequest Request, long UpTo) : ReplayNews(EventId, At, Request);

/// <summary>The replay goes on.</summary>
/// <param name="EventId">Identifies the news.</param>
/// <param name="At">When.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Position">Everything up to here was sent.</param>
/// <param name="UpTo">The last position to send.</param>
/// <param name="Events">How many events were sent.</param>
public sealed record ReplayAdvanced(Guid EventId, DateTimeOffset At, ReplayRequest Request, long Position, long UpTo, long Events) : ReplayNews(EventId, At, Request);

/// <summary>The events of a stretch of the store, in one message.</summary>
/// <param name="EventId">Identifies the news.</param>
/// <param name="At">When.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="After">The stretch begins behind this position.</param>
/// <param name="UpTo">The last position of the stretch.</param>
/// <param name="Events">What is wanted of the stretch, in order.</param>
public sealed record ReplayPacked(Guid EventId, DateTimeOffset At, ReplayRequest Request, long After, long UpTo, IReadOnlyList<PackedEvent> Events)
    : ReplayNews(EventId, At, Request);

/// <summary>An event within a message.</summary>
/// <param name="Position">Where it is stored.</param>
/// <param name="Type">The contract event.</param>
/// <param name="Json">It, as the body of a message of its own would hold it.</param>
public sealed record PackedEvent(long Position, Type Type, JsonElement Json);

/// <summary>Everything was sent.</summary>
/// <param name="EventId">Identifies the news.</param>
/// <param name="At">When.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="UpTo">The last position sent; -1 for none.</param>
/// <param name="Events">How many events were sent.</param>
public sealed record ReplayEnded(Guid EventId, DateTimeOffset At, ReplayRequest Request, long UpTo, long Events) : ReplayNews(EventId, At, Request);

/// <summary>Nothing will be sent.</summary>
/// <param name="EventId">Identifies the news.</param>
/// <param name="At">When.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Refusal">Why.</param>
public sealed record ReplayDenied(Guid EventId, DateTimeOffset At, ReplayRequest Request, ReplayRefusal Refusal) : ReplayNews(EventId, At, Request);
