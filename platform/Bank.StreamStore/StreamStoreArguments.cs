using System.Buffers;
using System.Text;
using System.Text.Json;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>What every store asks of its arguments.</summary>
internal static class StreamStoreArguments
{
    // The name of the stream that holds the metadata is longer by two characters.
    private const int LongestWithMetadata = 998;

    // PostgreSQL and SQLite take as much; a JsonSerializer has to be told to.
    private static readonly JsonReaderOptions AsDeepAsStoresTake = new() { MaxDepth = 1000 };

    public static void CheckAppend(StreamId streamId, int expectedVersion, NewStreamMessage[] messages)
    {
        CheckStream(streamId);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, ExpectedVersion.NoStream);
        for (var index = 0; index < messages.Length; index++)
        {
            if (messages[index] is not { } message) throw new ArgumentException($"messages: number {index} is null.", nameof(messages));
            CheckJson(message.JsonData, $"JsonData of message {index}");
            if (message.JsonMetadata.Length > 0) CheckJson(message.JsonMetadata, $"JsonMetadata of message {index}");
        }
    }

    /// <summary>Checks that a stream may be written to.</summary>
    public static void CheckStream(StreamId streamId)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        if (streamId.Value.StartsWith('$')) throw new ArgumentException($"streamId: '{streamId}' starts with '$', which is reserved.", nameof(streamId));
    }

    /// <summary>Checks that a stream may have metadata.</summary>
    public static void CheckMetadataStream(string streamId)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        if (streamId != Deleted.DeletedStreamId) CheckStream(streamId);
    }

    public static void CheckSetMetadata(string streamId, int expectedVersion, string? metadataJson)
    {
        CheckMetadataStream(streamId);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, ExpectedVersion.NoStream);
        if (streamId.Length > LongestWithMetadata)
            throw new ArgumentException($"streamId: has {streamId.Length} characters; a stream with more than {LongestWithMetadata} cannot have metadata.", nameof(streamId));
        if (metadataJson is not null && !IsStorable(metadataJson))
            throw new ArgumentException("metadataJson: contains U+0000 or half of a surrogate pair.", nameof(metadataJson));
    }

    /// <summary>Checks where a read begins and returns how many rows to fetch: one more than asked, to see whether there is more.</summary>
    public static int CheckRead(long from, long lowest, int maxCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, lowest);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return maxCount == int.MaxValue ? maxCount : maxCount + 1;
    }

    // Checked here, so that no kind of store takes what another refuses, numbers beyond those of PostgreSQL excepted, and nobody's append fails because of his neighbour's.
    private static void CheckJson(string json, string what)
    {
        if (!IsWhole(json)) throw new ArgumentException($"messages: {what} contains half of a surrogate pair.", "messages");
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(json.Length));
        try
        {
            // Escapes may stand for what jsonb of PostgreSQL cannot hold: U+0000 and halves of surrogate pairs.
            var hasEscapes = json.Contains("\\u", StringComparison.Ordinal);
            var reader = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(json, bytes)), AsDeepAsStoresTake);
            while (reader.Read())
            {
                if (hasEscapes && (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) && reader.GetString()!.Contains('\0'))
                    throw new ArgumentException($"messages: {what} contains the character U+0000.", "messages");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"messages: {what} is not JSON: {exception.Message}", "messages", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Whether every kind of store can hold a text: PostgreSQL holds neither U+0000 nor half of a surrogate pair, and the hash of a name does not tell one half from another.</summary>
    public static bool IsStorable(string text) => !text.Contains('\0') && IsWhole(text);

    private static bool IsWhole(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return true;
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index])) continue;
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1])) return false;
            index++;
        }

        return true;
    }
}
