using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bank.StreamStore.Streams;

/// <summary>Messages as objects.</summary>
public static class StreamMessageExtensions
{
    internal static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        PropertyNameCaseInsensitive = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The data as an object; the default of the type when the data is no longer there.</summary>
    /// <exception cref="JsonException">The data does not fit the type.</exception>
    public static async Task<T?> GetJsonDataAs<T>(this StreamMessage streamMessage, CancellationToken cancellationToken = default) =>
        await streamMessage.GetJsonData(cancellationToken) is { } json ? JsonSerializer.Deserialize<T>(json, Options) : default;

    /// <summary>The metadata as an object; the default of the type when there is none.</summary>
    /// <exception cref="JsonException">The metadata does not fit the type.</exception>
    public static T? JsonMetadataAs<T>(this StreamMessage streamMessage) =>
        string.IsNullOrEmpty(streamMessage.JsonMetadata) ? default : JsonSerializer.Deserialize<T>(streamMessage.JsonMetadata, Options);
}
