using Bank.StreamStore.Streams;

namespace Bank.Testing.StoreWriter;

/// <summary>Messages whose place in the store tells what they must be: the id of each is made of its stream's number and its version.</summary>
public static class Numbered
{
    /// <summary>So many streams are written at a time.</summary>
    public const int Streams = 8;

    /// <summary>Begins the line that tells of a segment.</summary>
    public const string Archived = "archived";

    public static string Name(int stream) => $"numbered-{stream}";

    public static Guid Id(int stream, int version) => new(stream + 1, 0, 0, [.. BitConverter.GetBytes((long)version)]);

    public static string Json(int version) => $$"""{"version":{{version}}}""";

    public static NewStreamMessage[] Messages(int stream, int firstVersion, int count) =>
        [.. Enumerable.Range(firstVersion, count).Select(version => new NewStreamMessage(Id(stream, version), "numbered", Json(version)))];
}
