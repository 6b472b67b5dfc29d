using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bank.StreamStore.Streams;

/// <summary>What is stored about a stream, as a message of its metadata stream. Names and order of the fields are the storage format.</summary>
public class MetadataMessage
{
    internal const string Type = "$stream-metadata";

    /// <summary>The stream that it is about.</summary>
    public string? StreamId;

    /// <summary>Seconds after which a message is no longer read; null for no limit.</summary>
    public int? MaxAge;

    /// <summary>How many of the newest messages are kept; null for no limit.</summary>
    public int? MaxCount;

    /// <summary>Whatever else was said about the stream, a text; null for nothing.</summary>
    public string? MetaJson;

    /// <summary>The stream that holds the metadata of another.</summary>
    internal static StreamId StreamOf(string streamId) => Streams.StreamId.OfStore("$$" + streamId);

    internal static MetadataMessage Parse(string json) => JsonSerializer.Deserialize<MetadataMessage>(json, StreamMessageExtensions.Options)!;

    /// <summary>The text as it is stored: SqlStreamStore finds the numbers by their place in it, and ids are made from it.</summary>
    internal string ToJson()
    {
        var text = new StringBuilder("{\"StreamId\":");
        Append(text, StreamId);
        text.Append(CultureInfo.InvariantCulture, $",\"MaxAge\":{Number(MaxAge)},\"MaxCount\":{Number(MaxCount)},\"MetaJson\":");
        Append(text, MetaJson);
        return text.Append('}').ToString();
    }

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static void Append(StringBuilder text, string? value)
    {
        if (value is null)
        {
            text.Append("null");
            return;
        }

        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' or '\\' => text.Append('\\').Append(character),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
