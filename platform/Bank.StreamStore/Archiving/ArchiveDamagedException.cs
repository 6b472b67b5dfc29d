namespace Bank.StreamStore.Archiving;

/// <summary>A segment of the archive is missing, lacks a message, or is not what was written. It must be restored from a backup.</summary>
/// <param name="segment">The segment: its id in the table of the archive.</param>
/// <param name="position">The position of a message whose payload is needed.</param>
/// <param name="what">What is wrong.</param>
public sealed class ArchiveDamagedException(long segment, long position, string what)
    : Exception($"The payload of the message at position {position} cannot be read: segment {segment} of the archive {what}. Restore the segment from a backup.")
{
    /// <summary>The segment: its id in the table of the archive.</summary>
    public long Segment { get; } = segment;

    /// <summary>The position of a message whose payload is needed.</summary>
    public long Position { get; } = position;
}
