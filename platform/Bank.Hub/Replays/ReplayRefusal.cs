namespace Bank.Hub.Replays;

/// <summary>Why a replay is refused.</summary>
/// <param name="Field">The member of <see cref="ReplayRequest"/> that is the cause.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Detail">The value at fault and what is allowed, for people; null when the reason says it all.</param>
public sealed record ReplayRefusal(string Field, RefusalReason Reason, string? Detail = null);

/// <summary>What is wrong with a member of a request.</summary>
public enum RefusalReason
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>A value is empty, or there are too many.</summary>
    Malformed,

    /// <summary>A number is too low or too high.</summary>
    OutOfRange,

    /// <summary>No event of this type is made here.</summary>
    UnknownType,

    /// <summary>The id belongs to a replay of something else or for somebody else.</summary>
    AlreadyUsed,
}
