namespace Bank.Insights.Velocity;

/// <summary>A transfer that left an account.</summary>
/// <param name="Version">Which event of the account it is.</param>
/// <param name="TransferId">The transfer.</param>
/// <param name="OccurredAt">When it left.</param>
internal readonly record struct OutgoingTransfer(long Version, Guid TransferId, DateTimeOffset OccurredAt);

/// <summary>Finds where outgoing transfers come too fast. Depends on nothing but the history of the account, so that it finds the same in whatever order and however often events come.</summary>
internal static class Bursts
{
    /// <summary>So many transfers within <see cref="Window"/> are a burst.</summary>
    public const int Transfers = 5;

    /// <summary>How many transfers before one decide whether a burst begins with it.</summary>
    public const int Before = Transfers;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>The bursts that begin at a version or behind it: each as the transfers that first were so many within so short a time.</summary>
    /// <param name="transfers">In the order of the account's history; at least the last <see cref="Before"/> of before that version, or all there were, and nothing missing in between.</param>
    /// <param name="fromVersion">Bursts that begin earlier are left out.</param>
    public static IEnumerable<IReadOnlyList<OutgoingTransfer>> Begin(IReadOnlyList<OutgoingTransfer> transfers, long fromVersion)
    {
        for (var last = Transfers - 1; last < transfers.Count; last++)
        {
            // A transfer more that comes as close behind belongs to the burst that was begun before.
            if (transfers[last].Version >= fromVersion && IsCrowded(transfers, last) && !IsCrowded(transfers, last - 1))
                yield return [.. transfers.Skip(last - Transfers + 1).Take(Transfers)];
        }
    }

    private static bool IsCrowded(IReadOnlyList<OutgoingTransfer> transfers, int last)
    {
        var first = last - Transfers + 1;
        return first >= 0 && transfers[last].OccurredAt - transfers[first].OccurredAt <= Window;
    }
}
