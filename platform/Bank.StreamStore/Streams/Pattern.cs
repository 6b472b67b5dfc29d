namespace Bank.StreamStore.Streams;

/// <summary>Which streams a list shall hold, by their names. Compared ordinally; no character has a special meaning.</summary>
public abstract class Pattern
{
    private Pattern(string value) => Value = value;

    /// <summary>The text to look for; empty for any stream.</summary>
    public string Value { get; }

    /// <summary>Streams whose name starts with a text.</summary>
    public static Pattern StartsWith(string characters) => new StartingWith(characters);

    /// <summary>Streams whose name ends with a text.</summary>
    public static Pattern EndsWith(string characters) => new EndingWith(characters);

    /// <summary>All streams.</summary>
    public static Pattern Anything() => new Any();

    /// <summary>The error for a pattern that a store does not know.</summary>
    public static ArgumentException Unrecognized(string paramName) => new($"{paramName}: is a pattern that this store does not know.", paramName);

    /// <summary>Whether a name fits.</summary>
    internal abstract bool Fits(string streamId);

    /// <summary>Streams whose name starts with a text.</summary>
    public sealed class StartingWith : Pattern
    {
        internal StartingWith(string value)
            : base(NotNull(value))
        {
        }

        internal override bool Fits(string streamId) => streamId.StartsWith(Value, StringComparison.Ordinal);
    }

    /// <summary>Streams whose name ends with a text.</summary>
    public sealed class EndingWith : Pattern
    {
        internal EndingWith(string value)
            : base(NotNull(value))
        {
        }

        internal override bool Fits(string streamId) => streamId.EndsWith(Value, StringComparison.Ordinal);
    }

    /// <summary>All streams.</summary>
    public sealed class Any : Pattern
    {
        internal Any()
            : base("")
        {
        }

        internal override bool Fits(string streamId) => true;
    }

    private static string NotNull(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
