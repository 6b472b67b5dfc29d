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
        "happened" or "happened in two shapes" => JsonSerializer.Deserialize<Happened>(json),
        "other" => JsonSerializer.Deserialize<OtherHappened>(json),
        "new" when KnowsNew => JsonSerializer.Deserialize<Happened>(json),
        "internal" => null,
        _ => throw new NotSupportedException($"no mapping for {message.Type}"),
    };

    public IReadOnlyList<object> Shapes(StreamMessage message, string json) => Map(message, json) switch
    {
        null => [],
        var oldest when message.Type == "happened in two shapes" => [oldest, JsonSerializer.Deserialize<OtherHappened>(json)!],
        var only => [only],
    };
}
