using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Bank.Accounts.Accounts;

/// <summary>The state of an account: what its events add up to.</summary>
public sealed record Account
{
    // Retries come soon after the first attempt; what is older is found in the stream itself.
    private const int RequestsRemembered = 64;

    public static readonly Account None = new();

    [JsonInclude]
    public AccountStatus Status { get; private init; } = AccountStatus.None;

    /// <summary>The currency; null before the account was opened.</summary>
    [JsonInclude]
    public string? Currency { get; private init; }

    /// <summary>The day of opening, in UTC; null before.</summary>
    [JsonInclude]
    public DateOnly? OpenedOn { get; private init; }

    [JsonInclude]
    public long Balance { get; private init; }

    [JsonInclude]
    public long Held { get; private init; }

    [JsonInclude]
    public long OverdraftLimit { get; private init; }

    /// <summary>Version of the last event; -1 before the first.</summary>
    [JsonInclude]
    public int Version { get; private init; } = -1;

    /// <summary>Holds that have not ended.</summary>
    [JsonInclude]
    public ImmutableDictionary<Guid, Hold> Holds { get; private init; } = ImmutableDictionary<Guid, Hold>.Empty;

    /// <summary>How holds ended; kept, because the request for a hold may come again after its end.</summary>
    [JsonInclude]
    public ImmutableDictionary<Guid, HoldEnd> EndedHolds { get; private init; } = ImmutableDictionary<Guid, HoldEnd>.Empty;

    /// <summary>The last requests that were answered.</summary>
    [JsonInclude]
    public ImmutableQueue<Guid> RecentRequests { get; private init; } = [];

    /// <summary>What may be withdrawn, in minor units.</summary>
    [JsonIgnore]
    public Int128 Available => (Int128)Balance + OverdraftLimit - Held;

    /// <summary>Applies an event that has happened. Never refuses.</summary>
    public Account Evolve(AccountEvent @event)
    {
        var next = @event switch
        {
            Opened e => this with
            {
                Status = AccountStatus.Open,
                Currency = e.Currency,
                OverdraftLimit = e.OverdraftLimit,
                OpenedOn = ValueDate.DayOf(e.OccurredAt),
            },
            Deposited e => this with { Balance = Balance + e.Amount },
            Withdrawn e => this with { Balance = Balance - e.Amount },
            Reserved e => this with
            {
                Held = Held + e.Amount,
                Holds = Holds.SetItem(e.ReservationId, new Hold(e.Amount, e.TransferId, e.CounterpartyAccountId, e.ExpiresAt)),
            },
            Captured e => (this with { Balance = Balance - e.Amount }).End(e.ReservationId, HoldEnd.Captured),
            Released e => End(e.ReservationId, HoldEnd.Released),
            Credited e => this with { Balance = Balance + e.Amount },
            Closed => this with { Status = AccountStatus.Closed },
            _ => this,
        };
        return (next with { Version = Version + 1 }).Remember(@event.RequestId);
    }

    public static Account Fold(IEnumerable<AccountEvent> events) => events.Aggregate(None, (account, @event) => account.Evolve(@event));

    public bool HasAnswered(Guid requestId) => RecentRequests.Contains(requestId);

    private Account End(Guid reservationId, HoldEnd end) => this with
    {
        Held = Held - (Holds.TryGetValue(reservationId, out var hold) ? hold.Amount : 0),
        Holds = Holds.Remove(reservationId),
        EndedHolds = EndedHolds.SetItem(reservationId, end),
    };

    private Account Remember(Guid requestId)
    {
        var requests = RecentRequests.Enqueue(requestId);
        return this with { RecentRequests = Version >= RequestsRemembered ? requests.Dequeue() : requests };
    }
}
