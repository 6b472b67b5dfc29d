using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Bank.ServiceBus.Learning;

/// <summary>A message as it stands in a file that a person can read.</summary>
internal sealed record FileMessage
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Id { get; init; }

    /// <summary>After this instant nobody wants it any more; null for never.</summary>
    public DateTimeOffset? DiscardAt { get; init; }

    public required Dictionary<string, string> Headers { get; init; }

    /// <summary>The body, when it is UTF-8 text.</summary>
    public string? Text { get; init; }

    /// <summary>The body, when it is not.</summary>
    public byte[]? Bytes { get; init; }

    public static FileMessage From(string id, Dictionary<string, string> headers, ReadOnlyMemory<byte> body, DateTimeOffset? discardAt)
    {
        var isText = Utf8.IsValid(body.Span);
        return new FileMessage
        {
            Id = id,
            DiscardAt = discardAt,
            Headers = headers,
            Text = isText ? Encoding.UTF8.GetString(body.Span) : null,
            Bytes = isText ? null : body.ToArray(),
        };
    }

    [System.Text.Json.Serialization.JsonIgnore]
    public ReadOnlyMemory<byte> Body => Bytes ?? Encoding.UTF8.GetBytes(Text ?? "");

    public byte[] ToFile() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">The file is no message.</exception>
    public static FileMessage Read(ReadOnlySpan<byte> file)
    {
        var message = JsonSerializer.Deserialize<FileMessage>(file, Options) ?? throw new JsonException("The file holds the JSON value null.");
        foreach (var (name, value) in message.Headers)
        {
            if (value is null) throw new JsonException($"Headers: '{name}' is null.");
        }

        return message;
    }
}
