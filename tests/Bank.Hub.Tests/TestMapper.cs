using System.Text.Json;
using Bank.StreamStore.Streams;

namespace Bank.Hub.Tests;

/// <summary>Maps "happened" and "other", keeps "internal" to itself, and knows "new" only once it was taught.</summary>
internal sealed class TestMapper : IContractMapper
{
    public volatile bool KnowsNew;

    public IReadOnlyCollection<Type> ContractTypes { get; } = [typeof(Happened), typeof(OtherHappened)];

    public object? Map(StreamMessage message, string json) => message.Type switch
    {
        "happened" => JsonSerializer.Deserialize<Happened>(json),
        "other" => JsonSerializer.Deserialize<OtherHappened>(json),
        "new" when KnowsNew => JsonSerializer.Deserialize<Happened>(json),
        "internal" => null,
        _ => throw new NotSupportedException($"no mapping for {message.Type}"),
    };
}
