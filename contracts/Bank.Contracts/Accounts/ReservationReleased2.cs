namespace Bank.Contracts.Accounts;

/// <summary>A hold ended without being booked, or there was none. Succeeds <see cref="ReservationReleased"/>, whose amount of zero said the latter.</summary>
public sealed record ReservationReleased2 : ISuccessorEvent
{
    /// <inheritdoc />
    public required Guid EventId { get; init; }

    /// <summary>The request that led to it.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>When it happened, in UTC: the instant at which the bank recorded it.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Who asked, through which channel, when and why.</summary>
    public required Origin Origin { get; init; }

    /// <summary>The account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The position of this event in the history of its account.</summary>
    public required long AccountVersion { get; init; }

    /// <summary>The booked balance after this event.</summary>
    public required Money Balance { get; init; }

    /// <summary>What may be withdrawn after this event.</summary>
    public required Money Available { get; init; }

    /// <summary>The hold, as named by whoever asked for it; for a transfer, the transfer id.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>How much is available again, above zero; null when there was no such hold.</summary>
    public Money? Amount { get; init; }

    /// <summary>The transfer that the hold was for; null for any other hold, or when there was none.</summary>
    public Guid? TransferId { get; init; }

    /// <summary>Why it ended: one of the values of <see cref="ReleaseReason"/>.</summary>
    public required string Reason { get; init; }
}
