using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Bank.Hosting;

namespace Bank.Contracts.Documents;

/// <summary>Schemas of types as they are on the wire. What several have in common is described once and referred to.</summary>
/// <param name="place">Where what is shared will stand in the document, as the beginning of a reference to it.</param>
/// <param name="documentation">Says what types and members mean.</param>
/// <remarks>Keywords and formats are those that draft 2020-12 and the schemas of AsyncAPI 3 (draft 07) have in common.</remarks>
internal sealed class SchemaSet(string place, XmlDocumentation documentation)
{
    private readonly SortedDictionary<string, JsonObject> shared = new(StringComparer.Ordinal);

    /// <summary>Values within messages, by the names of their types.</summary>
    public IReadOnlyDictionary<string, JsonObject> Shared => shared;

    public JsonObject SharedAsObject() => new(shared.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value.DeepClone())));

    public JsonObject Of(Type type)
    {
        var exporter = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Complete(type, context, schema),
        };
        var described = new JsonObject { ["title"] = type.Name, ["description"] = documentation.DescriptionOf(type) };
        foreach (var (keyword, value) in MessageJson.Options.GetJsonSchemaAsNode(type, exporter).AsObject()) described[keyword] = value?.DeepClone();
        return described;
    }

    private JsonNode Complete(Type root, JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.Path.IsEmpty) return schema;
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var member = context.PropertyInfo is { } property && context.Path[^2] == "properties" ? root.GetProperty(property.Name) : null;
        var described = new JsonObject();
        if (member is not null && documentation.SummaryOf(member) is { Length: > 0 } summary) described["description"] = summary;
        foreach (var (keyword, value) in Value(type, member, context, schema)) described[keyword] = value?.DeepClone();
        return described;
    }

    private JsonObject Value(Type type, PropertyInfo? member, JsonSchemaExporterContext context, JsonNode schema)
    {
        var isNullable = context.PropertyInfo is { IsSetNullable: true };
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object) return Reference(type, isNullable, Of);
        if (member is not null && documentation.TypesNamedBy(member).FirstOrDefault(HoldsKnownValues) is { } values) return Reference(values, isNullable, KnownValues);
        // The wire has a converter of its own for instants, and any object for an event: the exporter cannot look into either.
        if (type == typeof(DateTimeOffset)) return Text("date-time", isNullable);
        if (type == typeof(JsonElement)) return new JsonObject { ["type"] = "object" };
        if (type == typeof(string) && member is { Name: "ValueDate" }) return Text("date", isNullable);
        var exported = schema.AsObject();
        if (type == typeof(long) || type == typeof(int)) exported["format"] = type == typeof(long) ? "int64" : "int32";
        if (type == typeof(string) && member is { Name: nameof(Money.Currency), DeclaringType: var owner } && owner == typeof(Money)) exported["pattern"] = "^[A-Z]{3}$";
        return exported;
    }

    private JsonObject Reference(Type type, bool isNullable, Func<Type, JsonObject> describe)
    {
        if (!shared.ContainsKey(type.Name)) shared[type.Name] = describe(type);
        var reference = new JsonObject { ["$ref"] = place + type.Name };
        // Within a list of one, since readers of draft 07 overlook what stands beside a reference.
        return isNullable
            ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) }
            : new JsonObject { ["allOf"] = new JsonArray(reference) };
    }

    // New values may come, so every text fits; those known today are named with what they mean.
    private JsonObject KnownValues(Type type) => new()
    {
        ["title"] = type.Name,
        ["description"] = documentation.DescriptionOf(type),
        ["type"] = "string",
        ["anyOf"] = new JsonArray(
        [
            .. Constants(type).Select(value => new JsonObject { ["const"] = (string)value.GetRawConstantValue()!, ["description"] = documentation.SummaryOf(value) }),
            new JsonObject { ["description"] = "A value of a newer version." },
        ]),
    };

    private static JsonObject Text(string format, bool isNullable) =>
        new() { ["type"] = isNullable ? new JsonArray("string", "null") : JsonValue.Create("string"), ["format"] = format };

    private static bool HoldsKnownValues(Type type) => type is { IsAbstract: true, IsSealed: true } && Constants(type).Any();

    private static IEnumerable<FieldInfo> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral && field.FieldType == typeof(string));
}
