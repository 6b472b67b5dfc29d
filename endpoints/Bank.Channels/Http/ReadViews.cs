using System.ComponentModel;
using System.Text.Json;

namespace Bank.Channels.Http;

// What the owners of reads answer, for the OpenAPI document alone: the gateway passes answers on as they are. An end-to-end test compares both.

internal sealed record MoneyRead(
    [property: Description("In the main unit, as text, so that nobody turns it into a binary fraction.")] string Amount,
    [property: Description("ISO 4217 code.")] string Currency,
    long MinorUnits);

internal sealed record AccountRead(string AccountId, MoneyRead Balance)
{
    [Description("The last event; left out of a balance by value date.")]
    public long? Version { get; init; }

    [Description("What may be withdrawn; left out of a balance by value date, since holds have none.")]
    public MoneyRead? Available { get; init; }

    [Description("The instant that was asked for; status and the members after it are then left out.")]
    public DateTimeOffset? AsOf { get; init; }

    [Description("The value date that was asked for.")]
    public DateOnly? ValueDate { get; init; }

    [Description("What was recorded later is left out.")]
    public DateTimeOffset? KnownAt { get; init; }

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
    DateOnly ValueDate, string RequestedBy, string Channel, string? Purpose);

internal sealed record StatementRead(
    string AccountId, MoneyRead Opening, MoneyRead Closing, IReadOnlyList<StatementLineRead> Lines, long? Next)
{
    [Description("The first instant of recording; left out when lines are by value date.")]
    public DateTimeOffset? From { get; init; }

    [Description("The last instant of recording, excluded; left out when lines are by value date.")]
    public DateTimeOffset? To { get; init; }

    [Description("The first value date, when lines are by value date.")]
    public DateOnly? ValueFrom { get; init; }

    [Description("The last value date, when lines are by value date.")]
    public DateOnly? ValueDate { get; init; }

    [Description("What was recorded later is left out.")]
    public DateTimeOffset? KnownAt { get; init; }
}

internal sealed record EndOfDayRead(
    string AccountId, DateOnly From, DateOnly To, DateTimeOffset? KnownAt, MoneyRead Opening, MoneyRead Closing, IReadOnlyList<DayRead> Days);

internal sealed record DayRead(DateOnly Date, long Bookings, MoneyRead Change, MoneyRead Balance);

internal sealed record AvailableCommandRead(string Name, string Href, bool Allowed, string? Reason);

internal sealed record AvailableCommandsRead(string AccountId, long Version, string Status, IReadOnlyList<AvailableCommandRead> Commands);

internal sealed record EventRead(long Version, long Position, Guid EventId, string Type, JsonElement Data);

internal sealed record HistoryRead(string AccountId, long LastVersion, long? Next, IReadOnlyList<EventRead> Events);

internal sealed record TransferHistoryRead(string TransferId, long LastVersion, long? Next, IReadOnlyList<EventRead> Events);

internal sealed record TransferRead(
    string TransferId, string State, string PayerAccountId, string PayeeAccountId, MoneyRead Amount, string? Reference, string? Reason,
    DateTimeOffset? InitiatedAt, DateTimeOffset? Deadline, DateTimeOffset? EndedAt);

internal sealed record TransfersRead(IReadOnlyList<TransferRead> Transfers, string? Next);

internal sealed record LedgerAccountRead(string Account, MoneyRead Sum, long Entries);

internal sealed record LedgerCurrencyRead(string Currency, MoneyRead Sum, IReadOnlyList<LedgerAccountRead> Accounts);

internal sealed record TrialBalanceRead(DateTimeOffset? AsOf, DateOnly? ValueDate, IReadOnlyList<LedgerCurrencyRead> Currencies);
