using System.Text.Json.Nodes;

namespace Bank.Contracts.Documents;

/// <summary>The AMQP headers of messages, all of them text. Others may come; the AMQP properties stand in the descriptions, since AsyncAPI has no place for them.</summary>
internal static class MessageHeaders
{
    private static readonly (string Name, string Description) ReplyTo =
        ("NServiceBus.ReplyToAddress", "The queue for answers; the AMQP property `reply-to` goes before it. Needed by `RequestReplay` alone.");

    private static readonly (string Name, string Description)[] Common =
    [
        ("NServiceBus.MessageId", "The AMQP property `message-id` once more. The same message delivered again carries the same value."),
        ("NServiceBus.EnclosedMessageTypes", "The types of the message, separated by semicolons, the most derived first; what stands behind the first comma of each may be ignored."),
        ("NServiceBus.ContentType", "`application/json`: the AMQP property `content-type` once more."),
        ("NServiceBus.MessageIntent", "`Send`, `Publish` or `Reply`."),
        ("NServiceBus.CorrelationId", "The AMQP property `correlation-id` once more."),
        ("NServiceBus.ConversationId", "Common to all messages that followed from one first message."),
        ("NServiceBus.RelatedTo", "The id of the message in whose handling this one was sent."),
        ("NServiceBus.TimeSent", "When it was sent, in UTC: `yyyy-MM-dd HH:mm:ss:ffffff Z`."),
        ("NServiceBus.OriginatingEndpoint", "The endpoint that sent it."),
        ("traceparent", "The trace that it belongs to, as W3C Trace Context writes it."),
    ];

    public static JsonObject OfCommands() => Trait(
        "A command. Needed are the AMQP properties `message-id` (unique; the same again for the same message), `type` (the full name of the message) and `content-type`; all headers may be left out.",
        [.. Common, ReplyTo],
        []);

    public static JsonObject OfEvents() => Trait(
        "An event. The AMQP property `message-id` tells a repeated delivery, `type` is the full name of the message.",
        [.. Common, ("Bank.Position", "The position of the event in the store of the endpoint that publishes it; on events published as they happen."), ("Bank.Replay.Id", "The replay that the message belongs to; absent when it was published."), ("Bank.Replay.Position", "The position of the event in the store; on events replayed one by one alone.")],
        ["NServiceBus.MessageId", "NServiceBus.EnclosedMessageTypes", "NServiceBus.ContentType", "NServiceBus.TimeSent"]);

    private static JsonObject Trait(string description, (string Name, string Description)[] headers, string[] required)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(headers.Select(header => KeyValuePair.Create<string, JsonNode?>(
                header.Name, new JsonObject { ["type"] = "string", ["description"] = header.Description }))),
        };
        if (required.Length > 0) schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        return new JsonObject
        {
            ["description"] = description,
            ["headers"] = schema,
            ["correlationId"] = new JsonObject { ["description"] = "Leads from a command to its outcome.", ["location"] = "$message.payload#/RequestId" },
        };
    }
}
