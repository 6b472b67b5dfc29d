namespace Bank.Contracts.Accounts;

/// <summary>A request about an account was refused where no more specific event exists; nothing changed.</summary>
public sealed record AccountRequestDeclined : IAccountEvent
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

    /// <summary>The name of the refused command, for example <c>OpenAccount</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The hold that the request was about; null when it was about none.</summary>
    public Guid? ReservationId { get; init; }

    /// <summary>Why: one of the values of <see cref="DeclineReason"/>. More values may come; treat an unknown one as a refusal.</summary>
    public required string Reason { get; init; }
}
