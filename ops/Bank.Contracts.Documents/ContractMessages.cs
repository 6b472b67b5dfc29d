using Bank.Contracts.Replays;

namespace Bank.Contracts.Documents;

/// <summary>The messages of the contracts, and the way each of them takes.</summary>
internal static class ContractMessages
{
    // Who handles the commands of a namespace. A test holds this against the handlers of the endpoints.
    private static readonly Dictionary<string, string[]> Endpoints = new(StringComparer.Ordinal)
    {
        ["Bank.Contracts.Accounts"] = ["Bank.Accounts"],
        ["Bank.Contracts.Transfers"] = ["Bank.Transfers"],
        ["Bank.Contracts.Replays"] = ["Bank.Accounts", "Bank.Transfers"],
    };

    /// <summary>Every command and event, by name.</summary>
    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(IBankCommand).Assembly.GetExportedTypes()
            .Where(type => !type.IsInterface && (IsCommand(type) || IsEvent(type)))
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>What many events have in common, and can be subscribed to at once.</summary>
    public static IReadOnlyList<Type> KindsOfEvents { get; } = [typeof(IBankEvent), typeof(IAccountEvent), typeof(ITransferEvent), typeof(IInsightEvent)];

    public static bool IsCommand(Type type) => typeof(IBankCommand).IsAssignableFrom(type);

    public static bool IsEvent(Type type) => typeof(IBankEvent).IsAssignableFrom(type) || typeof(ISuccessorEvent).IsAssignableFrom(type);

    /// <summary>Whether an event goes to all who subscribed. News of a replay go to the asker, but for the refusal of one who named no queue.</summary>
    public static bool IsPublished(Type type) => IsEvent(type) && (!typeof(IReplayEvent).IsAssignableFrom(type) || type == typeof(ReplayRefused));

    /// <summary>The endpoints that handle a command; each has a queue of its name.</summary>
    public static IReadOnlyList<string> EndpointsOf(Type command) => Endpoints[command.Namespace!];

    /// <summary>The exchange on which events of a type are published.</summary>
    public static string ExchangeOf(Type type) => $"{type.Namespace}:{type.Name}";
}
