using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bank.Hosting;
using Bank.Testing.Servers;

namespace Bank.Channels.Tests.Http;

/// <summary>What the gateway says about itself.</summary>
public sealed partial class DescriptionTests : IAsyncLifetime
{
    private EndpointDatabase? database;
    private ChannelsApp? started;

    public async Task InitializeAsync() => started = new ChannelsApp((database = await EndpointDatabase.Create(DatabaseKind.Sqlite))!);

    public async Task DisposeAsync()
    {
        await started!.DisposeAsync();
        await database!.DisposeAsync();
    }

    [Fact]
    public async Task Every_operation_says_what_it_answers()
    {
        var document = (await Answer.ToGet(started!, "/openapi/v1.json")).Json;
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name}", operation.Value))).ToList();
        Assert.Equal(13, operations.Count);
        Assert.All(operations, operation =>
        {
            var content = Assert.Single(operation.Value.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject());
            var schema = content.Value.GetProperty("schema");
            Assert.Equal(operation.Name.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "application/json", content.Name);
            if (content.Name == "image/png") Assert.Equal("binary", schema.GetProperty("format").GetString());
            else Assert.True(Resolve(document, schema).GetProperty("properties").EnumerateObject().Any(), operation.Name);
        });
        // Whatever is referred to is there.
        Assert.All(Reference().Matches(document.GetRawText()), match => Assert.True(document.GetProperty("components").GetProperty("schemas").TryGetProperty(match.Groups[1].Value, out _), match.Value));
    }

    [Fact]
    public async Task The_page_runs_its_own_scripts_and_talks_to_this_gateway_alone()
    {
        var page = await Answer.ToGet(started!, "/docs/");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.MediaType));
        var policy = page.Headers["Content-Security-Policy"];
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        var nonce = Nonce().Match(policy).Groups[1].Value;
        var scripts = Script().Matches(page.Text);
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Contains($"nonce=\"{nonce}\"", script.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("http://", page.Text, StringComparison.Ordinal);
        Assert.NotEqual(policy, (await Answer.ToGet(started!, "/docs/")).Headers["Content-Security-Policy"]);
    }

    private static JsonElement Resolve(JsonElement document, JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;

    [GeneratedRegex("#/components/schemas/([A-Za-z]+)")]
    private static partial Regex Reference();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();
}
