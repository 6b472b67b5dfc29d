using System.ComponentModel;
using System.Text.Json;

namespace Bank.Channels.Http;

// What the owners of reads answer, for the OpenAPI document alone: the gateway passes answers on as they are. An end-to-end test compares both.

internal sealed record MoneyRead(
    [property: Description("In the main unit, as text, so that nobody turns it into a binary fraction.")] string Amount,
    [property: Description("ISO 4217 code.")] string Currency,
    long MinorUnits);

internal sealed record AccountRead(string AccountId, long Version, MoneyRead Balance, MoneyRead Available)
{
    [Description("The instant that was asked for; the members below are then left out.")]
    public DateTimeOffset? AsOf { get; init; }

    [Description("Open or Closed.")]
    public string? Status { get; init; }

    public MoneyRead? OverdraftLimit { get; init; }

    public DateTimeOffset? OpenedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public DateTimeOffset? ChangedAt { get; init; }

    [Description("How many events have not arrived yet although a later one has; null in lists.")]
    public long? MissingEvents { get; init; }
}

internal sealed record AccountsRead(IReadOnlyList<AccountRead> Accounts, string? Next);

internal sealed record StatementLineRead(
    long Version, string Kind, MoneyRead Amount, MoneyRead Balance, string? CounterpartyAccountId, string? TransferId, DateTimeOffset OccurredAt,
    string RequestedBy, string Channel, string? Purpose);

internal sealed record StatementRead(
    string AccountId, DateTimeOffset? From, DateTimeOffset? To, MoneyRead Opening, MoneyRead Closing, IReadOnlyList<StatementLineRead> Lines, long? Next);

internal sealed record AvailableCommandRead(string Name, string Href, bool Allowed, string? Reason);

internal sealed record AvailableCommandsRead(string AccountId, long Version, string Status, IReadOnlyList<AvailableCommandRead> Commands);

internal sealed record EventRead(long Version, long Position, Guid EventId, string Type, JsonElement Data);

internal sealed record HistoryRead(string AccountId, long LastVersion, long? Next, IReadOnlyList<EventRead> Events);

internal sealed record TransferRead(
    string TransferId, string State, string PayerAccountId, string PayeeAccountId, MoneyRead Amount, string? Reference, string? Reason,
    DateTimeOffset? InitiatedAt, DateTimeOffset? Deadline, DateTimeOffset? EndedAt);

internal sealed record TransfersRead(IReadOnlyList<TransferRead> Transfers, string? Next);

internal sealed record LedgerAccountRead(string Account, MoneyRead Sum, long Entries);

internal sealed record LedgerCurrencyRead(string Currency, MoneyRead Sum, IReadOnlyList<LedgerAccountRead> Accounts);

internal sealed record TrialBalanceRead(DateTimeOffset? AsOf, IReadOnlyList<LedgerCurrencyRead> Currencies);
