namespace Bank.StreamStore.Archiving;

/// <summary>Messages that can be archived together.</summary>
/// <param name="FirstPosition">The position of the first of them.</param>
/// <param name="LastPosition">The position of the last of them.</param>
/// <param name="Messages">How many they are.</param>
/// <param name="Bytes">What their payloads take up now.</param>
public sealed record ArchivableMessages(long FirstPosition, long LastPosition, int Messages, long Bytes);
