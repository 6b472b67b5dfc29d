using System.Text.Json;
using Bank.CommandLine.Client;

namespace Bank.EndToEnd.Tests;

/// <summary>The OpenAPI document of the gateway, to hold its answers against.</summary>
internal sealed class ApiDescription(JsonElement document)
{
    public static async Task<ApiDescription> Read(BankClient client) => new((await client.Get("/openapi/v1.json", CancellationToken.None))!.Value);

    /// <summary>The members that only the answer or only the description has, and those of another type.</summary>
    public IReadOnlyList<string> Differences(string path, JsonElement answer)
    {
        var schema = document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        var differences = new List<string>();
        Compare(path, schema, answer, differences);
        return differences;
    }

    private void Compare(string where, JsonElement schema, JsonElement value, List<string> differences)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var choices)) schema = Resolve(choices.EnumerateArray().Last());
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) Compare(where + "[]", schema.GetProperty("items"), item, differences);
        }

        if (value.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var members)) return;
        foreach (var member in value.EnumerateObject())
        {
            if (members.TryGetProperty(member.Name, out var described)) Compare($"{where}.{member.Name}", described, member.Value, differences);
            else differences.Add($"{where}.{member.Name} is not described");
        }

        if (!schema.TryGetProperty("required", out var required)) return;
        differences.AddRange(required.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{where}.{name} is described but not there"));
    }

    private JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]) : schema;
}
