namespace Bank.Hub.Replays;

/// <summary>Which requests can be fulfilled.</summary>
internal static class ReplayRules
{
    private const int MostNames = 100;
    private const int FastestPerSecond = 1_000_000;
    private const int MostPerMessage = 1_000;

    /// <param name="request">The request.</param>
    /// <param name="head">The newest position; -1 for none.</param>
    /// <param name="types">The contract events that are made here.</param>
    /// <returns>What is wrong first; null when nothing is.</returns>
    public static ReplayRefusal? Check(ReplayRequest request, long head, IReadOnlyCollection<Type> types)
    {
        if (string.IsNullOrWhiteSpace(request.ReplyToAddress)) return new(nameof(request.ReplyToAddress), RefusalReason.Missing);
        if (request.ReplayId == Guid.Empty) return new(nameof(request.ReplayId), RefusalReason.Malformed, "It is empty.");
        return CheckRange(request, head)
            ?? CheckNames(nameof(request.StreamPrefixes), request.StreamPrefixes)
            ?? CheckNames(nameof(request.EventTypes), request.EventTypes)
            ?? CheckTypes(request.EventTypes, types);
    }

    private static ReplayRefusal? CheckRange(ReplayRequest request, long head)
    {
        // One past the head is what a follower that has everything asks for.
        if (request.FromPosition < 0 || request.FromPosition > head + 1)
            return new(nameof(request.FromPosition), RefusalReason.OutOfRange, $"{request.FromPosition} is not from 0 to {head + 1}.");
        if (request.UpToPosition is { } upTo && (upTo < request.FromPosition || upTo > head))
            return new(nameof(request.UpToPosition), RefusalReason.OutOfRange, $"{upTo} is not from {request.FromPosition} to {head}.");
        if (request.EventsPerSecond is < 1 or > FastestPerSecond)
            return new(nameof(request.EventsPerSecond), RefusalReason.OutOfRange, $"{request.EventsPerSecond} is not from 1 to {FastestPerSecond}.");
        if (request.EventsPerMessage is < 1 or > MostPerMessage)
            return new(nameof(request.EventsPerMessage), RefusalReason.OutOfRange, $"{request.EventsPerMessage} is not from 1 to {MostPerMessage}.");
        return null;
    }

    private static ReplayRefusal? CheckNames(string field, IReadOnlyList<string>? names)
    {
        if (names is null) return null;
        if (names.Count is 0 or > MostNames) return new(field, RefusalReason.Malformed, $"There are {names.Count} names instead of 1 to {MostNames}.");
        return names.Any(string.IsNullOrWhiteSpace) ? new(field, RefusalReason.Malformed, "A name is empty.") : null;
    }

    private static ReplayRefusal? CheckTypes(IReadOnlyList<string>? names, IReadOnlyCollection<Type> types) =>
        names?.FirstOrDefault(name => !types.Any(type => ReplayFilter.IsOf(type, name))) is { } unknown
            ? new(nameof(ReplayRequest.EventTypes), RefusalReason.UnknownType, unknown)
            : null;
}
