namespace Bank.Contracts.Accounts;

/// <summary>Ends a hold without booking it.</summary>
/// <remarks>Outcome: <see cref="ReservationReleased"/>, also for a hold that never was: a request to make it that arrives later is then refused; or <see cref="AccountRequestDeclined"/> when it was captured already.</remarks>
public sealed record ReleaseReservation : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The account; 1 to 64 letters, digits, or one of <c>- _ . :</c>.</summary>
    public required string AccountId { get; init; }

    /// <summary>The hold, as named by whoever asked for it; for a transfer, the transfer id.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>The transfer that the hold is for. A hold for a transfer can only be ended in its name; null for any other hold.</summary>
    public Guid? TransferId { get; init; }
}
