using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>What an event means for statement and ledger.</summary>
/// <param name="Amount">By how much the balance changed, with sign; zero when it did not.</param>
/// <param name="Against">The bank's own account on the other side; null when nothing was booked.</param>
/// <param name="CounterpartyId">The account on the other side; null when there is none.</param>
/// <param name="TransferId">The transfer it belongs to; null for none.</param>
/// <param name="ReservationId">The hold it concerns; null for none.</param>
/// <param name="Reason">Why something was refused or ended; null for neither.</param>
internal sealed record Booking(
    long Amount, string? Against = null, string? CounterpartyId = null, Guid? TransferId = null, Guid? ReservationId = null, string? Reason = null)
{
    private const string Cash = "cash";
    private const string Clearing = "clearing";

    public bool IsBooked => Against is not null;

    /// <summary>The day from which it counts, since 1970 in UTC; for what is no booking the day of recording.</summary>
    public int ValueDate { get; private init; }

    public static Booking Of(IAccountEvent @event) => Effect(@event) with { ValueDate = Days.ToStored(ValueDates.Of(ValueDateOf(@event), @event.OccurredAt)) };

    private static string? ValueDateOf(IAccountEvent @event) => @event switch
    {
        MoneyDeposited e => e.ValueDate,
        MoneyWithdrawn e => e.ValueDate,
        AccountCredited e => e.ValueDate,
        ReservationCaptured e => e.ValueDate,
        _ => null,
    };

    private static Booking Effect(IAccountEvent @event) => @event switch
    {
        MoneyDeposited e => new Booking(e.Amount.MinorUnits, Cash),
        MoneyWithdrawn e => new Booking(-e.Amount.MinorUnits, Cash),
        AccountCredited e => new Booking(e.Amount.MinorUnits, Clearing, e.CounterpartyAccountId, e.TransferId),
        ReservationCaptured e => new Booking(-e.Amount.MinorUnits, Clearing, e.CounterpartyAccountId, e.TransferId, e.ReservationId),
        FundsReserved e => new Booking(0, null, e.CounterpartyAccountId, e.TransferId, e.ReservationId),
        ReservationReleased e => new Booking(0, null, null, e.TransferId, e.ReservationId, e.Reason),
        WithdrawalDeclined e => new Booking(0, Reason: e.Reason),
        FundsReservationDeclined e => new Booking(0, null, null, e.TransferId, e.ReservationId, e.Reason),
        CreditRejected e => new Booking(0, null, null, e.TransferId, null, e.Reason),
        AccountRequestDeclined e => new Booking(0, null, null, null, e.ReservationId, e.Reason),
        _ => new Booking(0),
    };
}
