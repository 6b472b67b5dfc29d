namespace Bank.Hub.Replays;

/// <summary>Which events a replay wants.</summary>
internal sealed class ReplayFilter(ReplayRequest request)
{
    private readonly Dictionary<Type, bool> known = [];

    public static bool IsOf(Type type, string name) => type.FullName == name || type.GetInterfaces().Any(parent => parent.FullName == name);

    public bool Wants(string streamId) =>
        request.StreamPrefixes is not { } prefixes || prefixes.Any(prefix => streamId.StartsWith(prefix, StringComparison.Ordinal));

    public bool Wants(MappedEvent mapped)
    {
        // Who names no types may know of no successor.
        if (request.EventTypes is not { } names) return !mapped.Successor;
        var type = mapped.Event.GetType();
        if (!known.TryGetValue(type, out var wanted)) known[type] = wanted = names.Any(name => IsOf(type, name));
        return wanted;
    }
}
