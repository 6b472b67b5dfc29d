namespace Bank.Contracts;

/// <summary>An intent, sent to the one endpoint that may fulfil it.</summary>
/// <remarks>Each command has exactly one outcome: an <see cref="IBankEvent"/> with the same <see cref="RequestId"/>.</remarks>
public interface IBankCommand
{
    /// <summary>Identifies the request. Made by the caller (UUID version 7 advised); the same value again has no second effect.</summary>
    Guid RequestId { get; }

    /// <summary>Who asked, through which channel, when and why.</summary>
    Origin Origin { get; }
}

/// <summary>A fact that happened, published to whoever subscribed.</summary>
public interface IBankEvent
{
    /// <summary>Identifies the event itself; the same event delivered again carries the same value.</summary>
    Guid EventId { get; }

    /// <summary>The <see cref="IBankCommand.RequestId"/> of the command that led to this event.</summary>
    Guid RequestId { get; }

    /// <summary>When it happened, in UTC: the instant at which the bank recorded it.</summary>
    DateTimeOffset OccurredAt { get; }

    /// <summary>Who asked, through which channel, when and why.</summary>
    Origin Origin { get; }
}

/// <summary>A fact about one account, complete enough to build a balance or a statement from it alone, in any order.</summary>
public interface IAccountEvent : IBankEvent
{
    /// <summary>The account; 1 to 64 letters, digits, or one of <c>- _ . :</c>.</summary>
    string AccountId { get; }

    /// <summary>The position of this event in the history of its account: 0 for the first, then without gaps.</summary>
    long AccountVersion { get; }

    /// <summary>The booked balance after this event.</summary>
    Money Balance { get; }

    /// <summary>What may be withdrawn after this event: balance plus overdraft limit minus holds.</summary>
    Money Available { get; }
}

/// <summary>A fact about one transfer between two accounts.</summary>
public interface ITransferEvent : IBankEvent
{
    /// <summary>The transfer, as named by whoever initiated it.</summary>
    Guid TransferId { get; }

    /// <summary>The account that pays.</summary>
    string PayerAccountId { get; }

    /// <summary>The account that is paid.</summary>
    string PayeeAccountId { get; }

    /// <summary>The amount to move.</summary>
    Money Amount { get; }
}

/// <summary>A fact in the shape that is to take the place of an older one. Both are published until the older has no subscribers left.</summary>
/// <remarks>
/// Until then it is no <see cref="IBankEvent"/>: whoever listens to all events of a kind hears of each fact once, in its older shape, and whoever needs the newer
/// subscribes to its type. Then it becomes one, in the older one's place.
/// </remarks>
public interface ISuccessorEvent
{
    /// <summary>Identifies the fact: the older shape carries the same value. Whoever listens to both takes the one for the other by it.</summary>
    Guid EventId { get; }
}

/// <summary>A conclusion from facts that others published.</summary>
public interface IInsightEvent : IBankEvent
{
    /// <summary>The account that it is about.</summary>
    string AccountId { get; }
}

/// <summary>A fact about one replay of history. Sent to whoever asked for the replay, and to nobody else.</summary>
public interface IReplayEvent : IBankEvent
{
    /// <summary>The replay, as named by whoever asked for it.</summary>
    Guid ReplayId { get; }
}
