using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bank.Channels.Tests;

/// <summary>What the gateway answered, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, string MediaType, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public static async Task<Answer> To(WebApplicationFactory<Program> app, HttpRequestMessage request, params IEnumerable<(string Name, string Value)> headers)
    {
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var client = app.CreateClient();
        using var response = await client.SendAsync(request);
        return new Answer(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync(),
            response.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public static Task<Answer> ToCommand(WebApplicationFactory<Program> app, string command, string? body, params IEnumerable<(string Name, string Value)> headers) =>
        To(
            app,
            new HttpRequestMessage(HttpMethod.Post, $"/accounts/acc-1/commands/{command}")
            {
                Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            },
            headers);

    public static Task<Answer> ToGet(WebApplicationFactory<Program> app, string address, params IEnumerable<(string Name, string Value)> headers) =>
        To(app, new HttpRequestMessage(HttpMethod.Get, address), headers);

    /// <summary>The headers of a caller, with a key.</summary>
    public static (string Name, string Value)[] Caller(string key = "key-00000001") =>
        [("Idempotency-Key", key), ("X-Requested-By", "customer-4"), ("X-Channel", "mobile")];

    /// <summary>The text of a member; null when it is null.</summary>
    public string? Member(string name) => Json.GetProperty(name).GetString();

    /// <summary>Checks that this is problem details (RFC 9457) of a status.</summary>
    public JsonElement Problem(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{(int)Status}: {Text}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        return Json;
    }

    /// <summary>The names of the fields that a refusal names, sorted.</summary>
    public string[] Fields() =>
        [.. Problem(HttpStatusCode.BadRequest).GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)];
}
