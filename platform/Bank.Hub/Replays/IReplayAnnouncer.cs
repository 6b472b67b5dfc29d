namespace Bank.Hub.Replays;

/// <summary>Puts news of a replay into the words of the contracts. Nothing else knows both.</summary>
public interface IReplayAnnouncer
{
    /// <summary>Makes the event to send to the asker.</summary>
    object Announce(ReplayNews news);
}
