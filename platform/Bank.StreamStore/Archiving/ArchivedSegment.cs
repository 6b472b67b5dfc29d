namespace Bank.StreamStore.Archiving;

/// <summary>Messages whose payloads were archived together.</summary>
/// <param name="FirstPosition">The position of the first of them.</param>
/// <param name="LastPosition">The position of the last of them.</param>
/// <param name="Messages">How many they are.</param>
/// <param name="Bytes">What their payloads took up before.</param>
/// <param name="ArchivedBytes">What they take up in the archive.</param>
public sealed record ArchivedSegment(long FirstPosition, long LastPosition, int Messages, long Bytes, long ArchivedBytes);
