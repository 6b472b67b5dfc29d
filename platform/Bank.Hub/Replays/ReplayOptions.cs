namespace Bank.Hub.Replays;

/// <summary>Settings of the replays of a hub.</summary>
public sealed record ReplayOptions
{
    /// <summary>Names the right to send replays in the hub's storage; one for each store.</summary>
    public string Name { get; init; } = "replays";

    /// <summary>How many stored events are read, and sent before progress is saved. Default: 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>How long another instance waits before it takes over from one that no longer answers. Default: 10 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often requests are looked for that another instance received. Default: 1 second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an asker hears of progress at most. Default: 1 second.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);
}
