namespace Bank.Hub.Projections;

/// <summary>Settings of projections.</summary>
public sealed record ProjectionOptions
{
    /// <summary>How many events a message of a replay should hold. Default: 500.</summary>
    public int EventsPerMessage { get; init; } = 500;

    /// <summary>How often to look whether a fill that another instance cares for got on. Default: 1 second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After which silence to ask for a replay again. Default: 10 seconds.</summary>
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often to count missing events for the metrics, where somebody collects them. Default: 15 seconds.</summary>
    public TimeSpan CountGapsEvery { get; init; } = TimeSpan.FromSeconds(15);
}
