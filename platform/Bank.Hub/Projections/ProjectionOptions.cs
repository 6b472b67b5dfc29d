namespace Bank.Hub.Projections;

/// <summary>Settings of projections.</summary>
public sealed record ProjectionOptions
{
    /// <summary>How many events a message of a replay should hold. Default: 500.</summary>
    public int EventsPerMessage { get; init; } = 500;

    /// <summary>How often to look whether a fill that another instance cares for got on. Default: 1 second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without a replay to ask for it again, because nothing was heard or it was refused. Each time it is as long as it has taken so far. At first: 10 seconds.</summary>
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that <see cref="AskAgainAfter"/> becomes. Default: 5 minutes.</summary>
    public TimeSpan AskAgainAtLast { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait for an answer before a replay is asked for again.</summary>
    /// <param name="soFar">How long it has taken up to the last time that it was asked for.</param>
    internal TimeSpan PauseAfter(TimeSpan soFar) => soFar <= AskAgainAfter ? AskAgainAfter : soFar < AskAgainAtLast ? soFar : AskAgainAtLast;

    /// <summary>How often to count missing events for the metrics, where somebody collects them. Default: 15 seconds.</summary>
    public TimeSpan CountGapsEvery { get; init; } = TimeSpan.FromSeconds(15);
}
