using Bank.Contracts.Accounts;
using Bank.Hub.Projections;

namespace Bank.Transfers.KnownAccounts;

/// <summary>Accounts as far as a transfer can be refused for them: opened, in which currency, closed. In whatever order that is heard, and however often.</summary>
internal sealed class KnownAccountProjection : IProjection, IProject<AccountOpened>, IProject<AccountClosed>
{
    public const string ProjectionName = "known-accounts";

    // Instants are microseconds since 1970, UTC.
    private static readonly ProjectionTable<Heard> Accounts = new ProjectionTable<Heard>("known_account")
        .Text("account_id", 64, heard => heard.AccountId)
        .OptionalText("currency", 3, heard => heard.Currency)
        .OptionalNumber("opened_us", heard => ToStored(heard.OpenedAt))
        .OptionalNumber("closed_us", heard => ToStored(heard.ClosedAt))
        .Key("account_id").FilledIn();

    public string Name => ProjectionName;

    public int Version => 1;

    public IReadOnlyList<ProjectionTable> Tables { get; } = [Accounts];

    public static ProjectionCatalog Catalog() => new(
        [
            new EventFeed<AccountOpened>("Bank.Accounts") { OccurredAt = e => e.OccurredAt, IsSelection = true },
            new EventFeed<AccountClosed>("Bank.Accounts") { OccurredAt = e => e.OccurredAt, IsSelection = true },
        ],
        [new KnownAccountProjection()]);

    public void Apply(AccountOpened @event, ProjectionBatch batch) => batch.Add(Accounts, new Heard(@event.AccountId, @event.Currency, @event.OccurredAt, null));

    public void Apply(AccountClosed @event, ProjectionBatch batch) => batch.Add(Accounts, new Heard(@event.AccountId, null, null, @event.OccurredAt));

    private static long? ToStored(DateTimeOffset? instant) => (instant?.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private sealed record Heard(string AccountId, string? Currency, DateTimeOffset? OpenedAt, DateTimeOffset? ClosedAt);
}
