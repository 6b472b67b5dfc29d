using System.Text.Json.Nodes;
using Bank.Contracts.Replays;

namespace Bank.Contracts.Documents;

/// <summary>The bank as its messages show it, as a document of AsyncAPI 3.0.0: it receives commands, and sends events.</summary>
internal static class AsyncApi
{
    private const string ReplyQueue = "Replay";
    private const string BindingVersion = "0.3.0";

    public static JsonObject Describe(IReadOnlyList<Type> messages, XmlDocumentation documentation)
    {
        var schemas = new SchemaSet("#/components/schemas/", documentation);
        var payloads = messages.ToDictionary(type => type.Name, type => (JsonNode?)schemas.Of(type), StringComparer.Ordinal);
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Bank.Messaging",
                ["version"] = typeof(IBankCommand).Assembly.GetName().Version!.ToString(3),
                ["description"] =
                    "Commands that the bank takes and events that it publishes, on RabbitMQ. Every message may come more than once and in any order: tell events apart by `EventId`. "
                    + "Members are only ever added: ignore those that you do not know.",
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = Channels(messages, documentation),
            ["operations"] = Operations(messages, documentation),
            ["components"] = new JsonObject
            {
                ["messages"] = Named(messages, type => type.Name, type => Message(type, documentation)),
                ["messageTraits"] = new JsonObject { ["Command"] = MessageHeaders.OfCommands(), ["Event"] = MessageHeaders.OfEvents() },
                ["schemas"] = new JsonObject(payloads.Concat(schemas.SharedAsObject().Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())))),
            },
        };
    }

    private static JsonObject Channels(IReadOnlyList<Type> messages, XmlDocumentation documentation)
    {
        var channels = Named(Endpoints(messages), endpoint => endpoint, endpoint => Queue(endpoint, Commands(messages).Where(type => Endpoints([type]).Contains(endpoint))));
        foreach (var type in Published(messages)) channels[type.FullName!] = Exchange(type, messages, documentation);
        channels[ReplyQueue] = Channel(null, "The queue that a request for a replay names as its reply address. News of the replay come there, and the events themselves.", messages.Where(ContractMessages.IsEvent));
        return channels;
    }

    private static JsonObject Operations(IReadOnlyList<Type> messages, XmlDocumentation documentation)
    {
        var operations = new JsonObject();
        foreach (var command in Commands(messages))
        {
            var endpoints = ContractMessages.EndpointsOf(command);
            foreach (var endpoint in endpoints)
            {
                var name = "receive" + command.Name + (endpoints.Count == 1 ? "" : "By" + endpoint.Replace(".", "", StringComparison.Ordinal));
                operations[name] = Operation("receive", endpoint, documentation.SummaryOf(command), [command]);
                if (command == typeof(RequestReplay)) operations[name]!["reply"] = Reply();
            }
        }

        foreach (var type in Published(messages)) operations["publish" + type.Name] = Operation("send", type.FullName!, documentation.SummaryOf(type), Within(type, messages));
        return operations;
    }

    private static JsonObject Queue(string endpoint, IEnumerable<Type> commands)
    {
        var channel = Channel(endpoint, $"The queue of {endpoint}. Publish to the exchange of the same name, or to the default exchange with this name as routing key.", commands);
        channel["bindings"] = Amqp(new JsonObject
        {
            ["is"] = "queue",
            ["queue"] = new JsonObject { ["name"] = endpoint, ["durable"] = true, ["exclusive"] = false, ["autoDelete"] = false },
        });
        return channel;
    }

    private static JsonObject Exchange(Type type, IReadOnlyList<Type> messages, XmlDocumentation documentation)
    {
        var name = ContractMessages.ExchangeOf(type);
        var channel = Channel(name, $"{documentation.SummaryOf(type)} Bind a queue of your own to the exchange `{name}`, with an empty routing key.", Within(type, messages));
        channel["bindings"] = Amqp(new JsonObject
        {
            ["is"] = "routingKey",
            ["exchange"] = new JsonObject { ["name"] = name, ["type"] = "fanout", ["durable"] = true, ["autoDelete"] = false },
        });
        return channel;
    }

    private static JsonObject Channel(string? address, string description, IEnumerable<Type> messages) => new()
    {
        ["address"] = address,
        ["description"] = description,
        ["messages"] = Named(messages, type => type.Name, type => Reference("components", "messages", type.Name)),
    };

    private static JsonObject Operation(string action, string channel, string summary, IEnumerable<Type> messages) => new()
    {
        ["action"] = action,
        ["channel"] = Reference("channels", channel),
        ["summary"] = summary,
        ["messages"] = new JsonArray([.. messages.Select(type => Reference("channels", channel, "messages", type.Name))]),
    };

    private static JsonObject Reply() => new()
    {
        ["address"] = new JsonObject
        {
            ["description"] = "The queue of whoever asks. The AMQP property `reply-to`, if there is one, goes before the header.",
            ["location"] = "$message.header#/NServiceBus.ReplyToAddress",
        },
        ["channel"] = Reference("channels", ReplyQueue),
    };

    private static JsonObject Message(Type type, XmlDocumentation documentation)
    {
        var message = new JsonObject { ["name"] = type.FullName, ["title"] = type.Name, ["summary"] = documentation.SummaryOf(type) };
        if (documentation.RemarksOf(type) is { Length: > 0 } remarks) message["description"] = remarks;
        message["contentType"] = "application/json";
        message["traits"] = new JsonArray(Reference("components", "messageTraits", ContractMessages.IsCommand(type) ? "Command" : "Event"));
        message["payload"] = Reference("components", "schemas", type.Name);
        message["bindings"] = Amqp(new JsonObject { ["messageType"] = type.FullName });
        return message;
    }

    private static JsonObject Amqp(JsonObject binding)
    {
        binding["bindingVersion"] = BindingVersion;
        return new JsonObject { ["amqp"] = binding };
    }

    private static IEnumerable<Type> Commands(IReadOnlyList<Type> messages) => messages.Where(ContractMessages.IsCommand);

    private static IEnumerable<string> Endpoints(IReadOnlyList<Type> messages) => Commands(messages).SelectMany(ContractMessages.EndpointsOf).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<Type> Published(IReadOnlyList<Type> messages) => ContractMessages.KindsOfEvents.Concat(messages.Where(ContractMessages.IsPublished));

    /// <summary>What comes through the exchange of a type: its own events and those of the types derived from it.</summary>
    private static IEnumerable<Type> Within(Type type, IReadOnlyList<Type> messages) => messages.Where(message => ContractMessages.IsPublished(message) && type.IsAssignableFrom(message));

    private static JsonObject Named<T>(IEnumerable<T> items, Func<T, string> name, Func<T, JsonNode?> value) =>
        new(items.Select(item => KeyValuePair.Create(name(item), value(item))));

    private static JsonObject Reference(params string[] path) => new() { ["$ref"] = "#/" + string.Join('/', path) };
}
