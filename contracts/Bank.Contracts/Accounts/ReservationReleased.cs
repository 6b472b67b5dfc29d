namespace Bank.Contracts.Accounts;

/// <summary>A hold ended without being booked.</summary>
/// <remarks>Published beside its successor, <see cref="ReservationReleased2"/>.</remarks>
public sealed record ReservationReleased : IAccountEvent
{
    /// <inheritdoc />
    public required Guid EventId { get; init; }

    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <inheritdoc />
    public required string AccountId { get; init; }

    /// <inheritdoc />
    public required long AccountVersion { get; init; }

    /// <inheritdoc />
    public required Money Balance { get; init; }

    /// <inheritdoc />
    public required Money Available { get; init; }

    /// <summary>The hold, as named by whoever asked for it; for a transfer, the transfer id.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>How much is available again; zero when there was no such hold.</summary>
    public required Money Amount { get; init; }

    /// <summary>The transfer that the hold was for; null for any other hold, or when there was none.</summary>
    public Guid? TransferId { get; init; }

    /// <summary>Why it ended: one of the values of <see cref="ReleaseReason"/>.</summary>
    public required string Reason { get; init; }
}
