namespace Bank.Hub.Projections;

/// <summary>Puts the wish for a replay into the words of the contracts. Nothing else knows both.</summary>
public interface IReplayAsker
{
    /// <summary>Makes the command to send to the endpoint that is asked. The same order always makes a request for the same.</summary>
    object Ask(ReplayOrder order);
}

/// <summary>The wish for a replay of the whole history of some kinds of events, many events to a message.</summary>
/// <param name="ReplayId">Identifies it.</param>
/// <param name="EventTypes">The full names of the kinds of events.</param>
/// <param name="EventsPerMessage">How many events a message should hold.</param>
public sealed record ReplayOrder(Guid ReplayId, IReadOnlyList<string> EventTypes, int EventsPerMessage);
