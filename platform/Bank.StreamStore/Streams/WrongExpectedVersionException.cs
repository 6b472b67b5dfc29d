namespace Bank.StreamStore.Streams;

/// <summary>A stream is not as an append or a deletion expected it: somebody else was faster, or the messages are there already in another place.</summary>
public class WrongExpectedVersionException : Exception
{
    /// <summary>Makes the exception from a message alone.</summary>
    public WrongExpectedVersionException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Makes the exception.</summary>
    public WrongExpectedVersionException(string message, StreamId streamId, int expectedVersion, Exception? inner = null)
        : base(message, inner)
    {
        StreamId = streamId;
        ExpectedVersion = expectedVersion;
    }

    /// <summary>The stream; null when unknown.</summary>
    public StreamId? StreamId { get; }

    /// <summary>What was expected; null when unknown.</summary>
    public int? ExpectedVersion { get; }

    internal static WrongExpectedVersionException Of(string streamId, int expectedVersion) =>
        new(ErrorMessages.AppendFailedWrongExpectedVersion(streamId, expectedVersion), streamId, expectedVersion);

    internal static WrongExpectedVersionException OfDeletion(string streamId, int expectedVersion) =>
        new(ErrorMessages.DeleteStreamFailedWrongExpectedVersion(streamId, expectedVersion), streamId, expectedVersion);
}
