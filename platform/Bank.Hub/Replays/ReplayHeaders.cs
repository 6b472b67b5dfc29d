namespace Bank.Hub.Replays;

/// <summary>Headers that tell a replayed message from a live one.</summary>
public static class ReplayHeaders
{
    /// <summary>The replay that a message belongs to, a GUID. On replayed events and on news of the replay.</summary>
    public const string ReplayId = "Bank.Replay.Id";

    /// <summary>The position of a replayed event in the store, a whole number. On events replayed one by one alone.</summary>
    public const string Position = "Bank.Replay.Position";
}
