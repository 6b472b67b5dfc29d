namespace Bank.StreamStore.Streams;

/// <summary>The name of a stream.</summary>
public sealed class StreamId : IEquatable<StreamId>
{
    private const int LongestName = 1000;

    /// <summary>Makes a name.</summary>
    /// <exception cref="ArgumentException">The text is empty, contains a space, the character U+0000 or half of a surrogate pair, or has more than 1000 characters.</exception>
    public StreamId(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        if (value.Contains(' ')) throw new ArgumentException($"value: '{value}' contains a space.", nameof(value));
        if (!StreamStoreArguments.IsStorable(value)) throw new ArgumentException("value: contains U+0000 or half of a surrogate pair.", nameof(value));
        if (value.Length > LongestName) throw new ArgumentException($"value: has {value.Length} characters; at most {LongestName} are stored.", nameof(value));
        Value = value;
    }

    private StreamId(string value, bool _) => Value = value;

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>The name of a stream of the store itself, which may be longer by its prefix.</summary>
    internal static StreamId OfStore(string value) => new(value, true);

    /// <summary>The text of a name; null for null.</summary>
    public static implicit operator string?(StreamId? streamId) => streamId?.Value;

    /// <summary>The name of a text.</summary>
    public static implicit operator StreamId(string value) => new(value);

    /// <summary>Compares by text, ordinally.</summary>
    public static bool operator ==(StreamId? left, StreamId? right) => Equals(left, right);

    /// <summary>Compares by text, ordinally.</summary>
    public static bool operator !=(StreamId? left, StreamId? right) => !Equals(left, right);

    /// <inheritdoc />
    public bool Equals(StreamId? other) => other is not null && Value == other.Value;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as StreamId);

    /// <inheritdoc />
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => Value;
}
