namespace Bank.StreamStore.Infrastructure;

/// <summary>Ids of metadata messages, so that setting the same metadata again is recognised.</summary>
public static class MetadataMessageIdGenerator
{
    private static readonly DeterministicGuidGenerator Generator = new(new Guid("8D1E0B02-0D78-408E-8211-F899BE6F8AA2"));

    /// <summary>The id of a metadata message.</summary>
    /// <param name="streamId">The stream that the message is written to.</param>
    /// <param name="expectedVersion">The version expected of it.</param>
    /// <param name="message">The message's JSON text.</param>
    public static Guid Create(string streamId, int expectedVersion, string message) => Generator.Create(streamId, expectedVersion, message);
}
