using Bank.ServiceBus.Outbox;
using Newtonsoft.Json;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Outgoing operations as the outbox table stores them.</summary>
internal static class OutboxJson
{
    private static readonly JsonSerializerSettings Settings = new()
    {
        Formatting = Formatting.Indented,
        DefaultValueHandling = DefaultValueHandling.Ignore,
        DateParseHandling = DateParseHandling.None,
    };

    public static string Write(IReadOnlyList<OutboxOperation> operations) =>
        JsonConvert.SerializeObject(
            operations.Select(operation => new Row(operation.Body.ToArray(), new(operation.Headers), operation.MessageId, new(operation.Options))), Settings);

    public static IReadOnlyList<OutboxOperation> Read(string json)
    {
        try
        {
            var rows = JsonConvert.DeserializeObject<List<Row>>(json, Settings) ?? [];
            return [.. rows.Select(row => new OutboxOperation(row.MessageId, row.Options ?? [], row.Body ?? [], row.Headers ?? []))];
        }
        catch (JsonException exception)
        {
            throw new SerializationException($"The stored operations cannot be read: {exception.Message}", exception);
        }
    }

    private sealed record Row(byte[]? Body, Dictionary<string, string>? Headers, string MessageId, Dictionary<string, string>? Options);
}
