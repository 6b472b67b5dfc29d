namespace Bank.Hub.Replays;

/// <summary>A replay and how far it is.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="UpTo">The last position to send; -1 when nothing was stored.</param>
/// <param name="Position">Everything wanted up to here was sent.</param>
/// <param name="Events">How many events were sent up to there.</param>
/// <param name="Stage">What its asker was told.</param>
public sealed record Replay(ReplayRequest Request, long UpTo, long Position, long Events, ReplayStage Stage)
{
    /// <summary>A replay that nothing was sent of yet.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="head">The newest position.</param>
    public static Replay Begin(ReplayRequest request, long head) => new(request, request.UpToPosition ?? head, request.FromPosition - 1, 0, ReplayStage.Accepted);
}

/// <summary>What the asker of a replay was told.</summary>
public enum ReplayStage
{
    /// <summary>Nothing yet.</summary>
    Accepted = 0,

    /// <summary>That it began.</summary>
    Started = 1,

    /// <summary>That it ended.</summary>
    Completed = 2,
}
