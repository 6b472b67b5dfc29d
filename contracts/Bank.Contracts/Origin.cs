namespace Bank.Contracts;

/// <summary>Who asked for something, through which channel, when and why. Holds references only, never personal data.</summary>
public sealed record Origin
{
    /// <summary>An opaque reference to the person or system that asked, for example <c>teller-17</c>; at most 100 characters.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The channel, for example <c>mobile</c>, <c>branch</c>, <c>atm</c>, <c>corporate-file</c>; at most 50 characters.</summary>
    public required string Channel { get; init; }

    /// <summary>When the request was made, in UTC, by the clock of the channel.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Why: a code or reference, for example a payment message id; null when none was given; at most 140 characters.</summary>
    public string? Purpose { get; init; }
}
