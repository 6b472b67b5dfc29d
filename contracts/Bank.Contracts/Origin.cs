namespace Bank.Contracts;

/// <summary>Who asked for something, through which channel, when and why. Holds references only, never personal data.</summary>
/// <remarks>A command whose origin is not <see cref="IsWellFormed"/> is refused with <see cref="Accounts.DeclineReason.Malformed"/>.</remarks>
public sealed record Origin
{
    private const int LongestRequestedBy = 100;
    private const int LongestChannel = 50;
    private const int LongestPurpose = 140;

    /// <summary>An opaque reference to the person or system that asked, for example <c>teller-17</c>; 1 to 100 characters, no control characters.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The channel, for example <c>mobile</c>, <c>branch</c>, <c>atm</c>, <c>corporate-file</c>; 1 to 50 characters, no control characters.</summary>
    public required string Channel { get; init; }

    /// <summary>When the request was made, in UTC, by the clock of the channel.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Why: a code or reference, for example a payment message id; null when none was given; at most 140 characters, no control characters.</summary>
    public string? Purpose { get; init; }

    /// <summary>True when every text is there that must be, and as long and as clean as the members say.</summary>
    public bool IsWellFormed() => !string.IsNullOrWhiteSpace(RequestedBy) && !string.IsNullOrWhiteSpace(Channel) && IsLegible();

    /// <summary>The same, as anybody can store it: missing texts empty, long ones cut, and <c>?</c> for each control character.</summary>
    public Origin Legible() => IsLegible() ? this : this with
    {
        RequestedBy = Legible(RequestedBy ?? "", LongestRequestedBy),
        Channel = Legible(Channel ?? "", LongestChannel),
        Purpose = Purpose is null ? null : Legible(Purpose, LongestPurpose),
    };

    private bool IsLegible() =>
        RequestedBy is not null && IsLegible(RequestedBy, LongestRequestedBy)
        && Channel is not null && IsLegible(Channel, LongestChannel)
        && (Purpose is null || IsLegible(Purpose, LongestPurpose));

    // Asked of every message, so without a closure or an iterator.
    private static bool IsLegible(string text, int longest)
    {
        foreach (var letter in text)
        {
            if (char.IsControl(letter)) return false;
        }

        return text.Length <= longest;
    }

    private static string Legible(string text, int longest)
    {
        // Half of a character is none.
        if (text.Length > longest) text = text.Substring(0, char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest);
        return new string([.. text.Select(letter => char.IsControl(letter) ? '?' : letter)]);
    }
}
