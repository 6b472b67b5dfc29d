namespace Bank.StreamStore.Sql;

/// <summary>The key of a stream on SQL Server. Unlike on PostgreSQL, a metadata stream has the key of its stream with <c>$$</c> before it. As SqlStreamStore stores it.</summary>
internal static class MsSqlStreamKey
{
    public const int Width = 42;

    private const string Metadata = "$$";

    public static string Of(string streamId) =>
        streamId.Length > Metadata.Length && streamId.StartsWith(Metadata, StringComparison.Ordinal) ? OfMetadata(streamId[Metadata.Length..]) : StreamKey.Of(streamId);

    /// <summary>The key of the stream that holds a stream's metadata.</summary>
    public static string OfMetadata(string streamId)
    {
        var key = Metadata + StreamKey.Of(streamId);
        // Only a GUID among white space is longer than a hash.
        return key.Length <= Width ? key : StreamKey.Of(Metadata + streamId);
    }
}
