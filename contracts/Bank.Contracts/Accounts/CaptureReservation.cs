namespace Bank.Contracts.Accounts;

/// <summary>Books a hold: the held amount leaves the account.</summary>
/// <remarks>Outcome: <see cref="ReservationCaptured"/> or <see cref="AccountRequestDeclined"/>.</remarks>
public sealed record CaptureReservation : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The account; 1 to 64 letters, digits, or one of <c>- _ . :</c>.</summary>
    public required string AccountId { get; init; }

    /// <summary>The hold, as named by whoever asked for it; for a transfer, the transfer id.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>The transfer that the hold is for. A hold for a transfer can only be booked in its name; null for any other hold.</summary>
    public Guid? TransferId { get; init; }
}
