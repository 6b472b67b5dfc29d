using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bank.Hub;

/// <summary>What is stored beside an event so that the messages it leads to can be traced to the one that caused it.</summary>
public sealed record EventMetadata
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The conversation that the causing message belongs to.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Id of the message that caused the event.</summary>
    public string? CausationId { get; init; }

    /// <summary>W3C trace context of the handling.</summary>
    public string? Traceparent { get; init; }

    /// <summary>As it is stored: a JSON object with the members conversationId, causationId and traceparent.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads what was stored; empty for an empty text.</summary>
    public static EventMetadata Read(string json) =>
        json.Length == 0 ? new EventMetadata() : JsonSerializer.Deserialize<EventMetadata>(json, Options) ?? new EventMetadata();
}
