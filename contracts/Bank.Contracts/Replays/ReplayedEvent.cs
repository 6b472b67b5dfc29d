using System.Text.Json;

namespace Bank.Contracts.Replays;

/// <summary>One event of <see cref="ReplayedEvents"/>.</summary>
public sealed record ReplayedEvent
{
    /// <summary>The position of the event in the endpoint's store.</summary>
    public required long Position { get; init; }

    /// <summary>The full name of the contract event, for example <c>Bank.Contracts.Accounts.MoneyWithdrawn</c>.</summary>
    public required string EventType { get; init; }

    /// <summary>The contract event: an object, as the body of a message of its own holds it.</summary>
    public required JsonElement Event { get; init; }

    /// <summary>Whether both are the same event, its JSON compared by what it says.</summary>
    public bool Equals(ReplayedEvent? other) =>
        other is not null && Position == other.Position && EventType == other.EventType && JsonElement.DeepEquals(Event, other.Event);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Position, EventType);
}
