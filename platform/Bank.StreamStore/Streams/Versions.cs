namespace Bank.StreamStore.Streams;

/// <summary>Expectations about a stream that are no version.</summary>
public static class ExpectedVersion
{
    /// <summary>The stream exists and never had a message.</summary>
    public const int EmptyStream = -1;

    /// <summary>Whatever the version is.</summary>
    public const int Any = -2;

    /// <summary>The stream does not exist.</summary>
    public const int NoStream = -3;
}

/// <summary>Ends of a stream.</summary>
public static class StreamVersion
{
    /// <summary>No version.</summary>
    public static readonly int? None = null;

    /// <summary>The oldest message.</summary>
    public const int Start = 0;

    /// <summary>The newest message.</summary>
    public const int End = -1;
}

/// <summary>Ends of the all-stream.</summary>
public static class Position
{
    /// <summary>No position.</summary>
    public static readonly long? None = null;

    /// <summary>The oldest message.</summary>
    public const long Start = 0;

    /// <summary>The newest message.</summary>
    public const long End = -1;
}
