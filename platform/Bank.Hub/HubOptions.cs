namespace Bank.Hub;

/// <summary>Settings of a hub.</summary>
public sealed record HubOptions
{
    /// <summary>Names the publisher in its table; one for each store.</summary>
    public string Name { get; init; } = "publisher";

    /// <summary>How many events are published before the checkpoint moves. Default: 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>How long another instance waits before it takes over from one that no longer answers. Default: 10 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);
}
