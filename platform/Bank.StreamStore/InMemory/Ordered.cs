using Bank.StreamStore.Streams;

namespace Bank.StreamStore.InMemory;

/// <summary>Messages in a list that is ordered by position or version and may have gaps.</summary>
internal static class Ordered
{
    /// <summary>Those at a place and beyond it.</summary>
    public static IEnumerable<StreamMessage> From(List<StreamMessage> messages, Func<StreamMessage, long> place, long from, ReadDirection direction)
    {
        var index = IndexOf(messages, place, from);
        if (direction == ReadDirection.Forward)
        {
            for (; index < messages.Count; index++) yield return messages[index];
            yield break;
        }

        if (index == messages.Count || place(messages[index]) > from) index--;
        for (; index >= 0; index--) yield return messages[index];
    }

    /// <summary>Where the first message at a place, or beyond it, is.</summary>
    public static int IndexOf(List<StreamMessage> messages, Func<StreamMessage, long> place, long from)
    {
        var (low, high) = (0, messages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (place(messages[middle]) < from) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
