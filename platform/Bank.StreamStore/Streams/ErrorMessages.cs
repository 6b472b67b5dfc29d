namespace Bank.StreamStore.Streams;

/// <summary>The texts of <see cref="WrongExpectedVersionException"/>.</summary>
public static class ErrorMessages
{
    /// <summary>An append found the stream at another version.</summary>
    public static string AppendFailedWrongExpectedVersion(string streamId, int expectedVersion) =>
        $"The append to stream {streamId} failed: it expected version {expectedVersion}.";

    /// <summary>A deletion found the stream at another version.</summary>
    public static string DeleteStreamFailedWrongExpectedVersion(string streamId, int expectedVersion) =>
        $"The deletion of stream {streamId} failed: it expected version {expectedVersion}.";
}
