using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>The rows of a page as they were read; the payloads of some may be in the archive.</summary>
/// <param name="capacity">About so many.</param>
internal sealed class PageRows(int capacity = 0)
{
    /// <summary>The messages. Those that are archived lack metadata, and data unless they fetch them.</summary>
    public List<StreamMessage> Messages { get; } = new(capacity);

    /// <summary>Which messages are archived, and in which segment; null for none.</summary>
    public List<(int Index, long Segment)>? Archived { get; private set; }

    public void Add(StreamMessage message, long? segment)
    {
        if (segment is { } archived) (Archived ??= []).Add((Messages.Count, archived));
        Messages.Add(message);
    }
}
