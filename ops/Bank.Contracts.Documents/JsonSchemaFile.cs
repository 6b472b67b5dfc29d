using System.Text.Json.Nodes;

namespace Bank.Contracts.Documents;

/// <summary>A JSON Schema of draft 2020-12 about one message, with all that it refers to.</summary>
internal static class JsonSchemaFile
{
    public const string Draft = "https://json-schema.org/draft/2020-12/schema";

    public static JsonObject Of(Type message, XmlDocumentation documentation)
    {
        var schemas = new SchemaSet("#/$defs/", documentation);
        var file = new JsonObject { ["$schema"] = Draft, ["$id"] = $"urn:bank-messaging:schema:{message.FullName}" };
        foreach (var (keyword, value) in schemas.Of(message)) file[keyword] = value?.DeepClone();
        if (schemas.Shared.Count > 0) file["$defs"] = schemas.SharedAsObject();
        return file;
    }
}
