using Bank.Contracts;

namespace Bank.Accounts.Accounts;

/// <summary>Ends a hold whose time is over. Sent by this endpoint to itself, with a delay.</summary>
public sealed record ExpireReservation : IBankCommand
{
    public required Guid RequestId { get; init; }

    public required Origin Origin { get; init; }

    public required string AccountId { get; init; }

    public required Guid ReservationId { get; init; }
}
