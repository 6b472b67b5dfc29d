using Bank.Accounts.Accounts;

namespace Bank.CommandLine.Verification;

/// <summary>Everything that the checks compare, read from the stores and the read models.</summary>
internal sealed record BankFacts
{
    public required long HeadPosition { get; init; }

    /// <summary>The last position that the hub of Bank.Accounts has published.</summary>
    public required long PublishedPosition { get; init; }

    public required IReadOnlyList<StoredEvent> Events { get; init; }

    /// <summary>What Bank.Transfers keeps of transfers and publishes.</summary>
    public required IReadOnlyList<JournalEvent> Journal { get; init; }

    /// <summary>The last position of the journal that its hub has published.</summary>
    public required long PublishedJournalPosition { get; init; }

    /// <summary>What Bank.Insights keeps: what it found, which its hub publishes, and notes, which it passes over.</summary>
    public required IReadOnlyList<JournalEvent> Findings { get; init; }

    /// <summary>The last position up to which its hub has published that; -1 for none.</summary>
    public required long PublishedFindingsPosition { get; init; }

    /// <summary>By id, folded from the streams.</summary>
    public required IReadOnlyDictionary<string, Account> Accounts { get; init; }

    public required IReadOnlyDictionary<string, BalanceRow> Balances { get; init; }

    public required IReadOnlyList<LineRow> Lines { get; init; }

    public required IReadOnlyList<LedgerRow> Ledger { get; init; }

    public required IReadOnlyList<SagaRow> Sagas { get; init; }

    public required IReadOnlyDictionary<string, TransferRow> Transfers { get; init; }

    /// <summary>The copy of accounts that Bank.Transfers keeps, by id.</summary>
    public required IReadOnlyDictionary<string, KnownAccountRow> KnownAccounts { get; init; }

    /// <summary>Whether that copy holds all of the past; false also when there is none yet.</summary>
    public required bool KnowsAllAccounts { get; init; }

    /// <summary>How many messages are in the error queue.</summary>
    public required long Errors { get; init; }

    /// <summary>Where they can be looked at, as far as they can be told one from the other without taking them.</summary>
    public IReadOnlyList<string> ErrorFiles { get; init; } = [];

    public required DateTimeOffset ReadAt { get; init; }
}

internal sealed record StoredEvent(string AccountId, int Version, long Position, Guid EventId, AccountEvent Event);

/// <summary>An event in the store of Bank.Transfers or Bank.Insights.</summary>
/// <param name="Type">The name of the event's type, without namespace.</param>
internal sealed record JournalEvent(string StreamId, int Version, long Position, Guid EventId, string Type);

internal sealed record BalanceRow(string AccountId, long Version, string Currency, long Balance, long Available);

internal sealed record LineRow(string AccountId, long Version, string EventId, bool IsBooking, long Amount, long Balance);

internal sealed record LedgerRow(string AccountId, long Version, string Account, string Currency, long Amount);

internal sealed record SagaRow(Guid TransferId, string State, string PayerAccountId, string PayeeAccountId, long Amount, string Currency, DateTimeOffset Deadline, string? FailureReason = null, string? RefusingAccountId = null);

internal sealed record TransferRow(string TransferId, int State);

internal sealed record KnownAccountRow(string AccountId, string? Currency, bool IsClosed);
