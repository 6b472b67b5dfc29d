using System.Text.Json;
using Bank.Contracts.Insights;
using Bank.Hosting;
using Bank.Hub;
using Bank.StreamStore.Streams;

namespace Bank.Insights.Velocity;

/// <summary>What was found, as it is stored and as others may see it: the contract event itself under a name of its own.</summary>
internal sealed class SuspicionContracts : IContractMapper
{
    public const string StoredType = "suspicious-activity-detected";

    public IReadOnlyCollection<Type> ContractTypes { get; } = [typeof(SuspiciousActivityDetected)];

    /// <returns>Null for a message that is no finding.</returns>
    public static SuspiciousActivityDetected? Read(StreamMessage message, string json) =>
        message.Type == StoredType ? JsonSerializer.Deserialize<SuspiciousActivityDetected>(json, MessageJson.Options) : null;

    // How far the history was reviewed concerns nobody else.
    public object? Map(StreamMessage message, string json) => Read(message, json);
}
