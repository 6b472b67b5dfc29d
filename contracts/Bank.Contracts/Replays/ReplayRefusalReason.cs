namespace Bank.Contracts.Replays;

/// <summary>Why a replay was refused. Text rather than an enumeration, so that a new reason breaks no reader.</summary>
public static class ReplayRefusalReason
{
    /// <summary>The message says not where to send the events.</summary>
    public const string Missing = nameof(Missing);

    /// <summary>A value is empty, or there are more values than allowed.</summary>
    public const string Malformed = nameof(Malformed);

    /// <summary>A number is below the least or above the greatest that is allowed.</summary>
    public const string OutOfRange = nameof(OutOfRange);

    /// <summary>The endpoint makes no events of this type.</summary>
    public const string UnknownType = nameof(UnknownType);

    /// <summary>Another replay, of something else or for somebody else, has this id.</summary>
    public const string AlreadyUsed = nameof(AlreadyUsed);
}
