using System.Text.Json;

namespace Bank.Hub.Replays;

/// <summary>Settings of the replays of a hub.</summary>
public sealed record ReplayOptions
{
    /// <summary>Names the right to send replays in the hub's storage; one for each store.</summary>
    public string Name { get; init; } = "replays";

    /// <summary>How many stored events are read, and sent before progress is saved. Default: 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>How many bytes of JSON the events of one message hold at most, unless a single one is larger. Default: 256 KiB.</summary>
    public int MessageBytes { get; init; } = 256 * 1024;

    /// <summary>How events within a message are written: as the endpoint writes the bodies of its messages.</summary>
    public JsonSerializerOptions EventJson { get; init; } = JsonSerializerOptions.Default;

    /// <summary>How long another instance waits before it takes over from one that no longer answers. Default: 10 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often requests are looked for that another instance received. Default: 1 second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an asker hears of progress at most. Default: 1 second.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);
}
