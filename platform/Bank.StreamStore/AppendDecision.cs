using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>What an append does to a stream. The same rule for every kind of store.</summary>
internal static class AppendDecision
{
    public enum Outcome
    {
        Write,
        AlreadyThere,
        Wrong,
    }

    /// <summary>Whether an append carries one id twice, which no stream can hold.</summary>
    public static bool HasRepeats(NewStreamMessage[] messages) =>
        messages.Length > 1 && messages.Select(message => message.MessageId).Distinct().Count() != messages.Length;

    /// <param name="expected">The version expected, or one of <see cref="ExpectedVersion"/>.</param>
    /// <param name="head">The stream's version; -1 when empty, null when missing.</param>
    /// <param name="ids">The ids to append.</param>
    /// <param name="stored">The versions of those of the ids that the stream holds.</param>
    public static Outcome Decide(int expected, int? head, IReadOnlyList<Guid> ids, IReadOnlyDictionary<Guid, int> stored)
    {
        if (ids.Distinct().Count() != ids.Count) return Outcome.Wrong;
        return expected switch
        {
            ExpectedVersion.Any => stored.Count == 0 ? Outcome.Write : HeldFrom(ids.Count > 0 && stored.TryGetValue(ids[0], out var first) ? first : -1),
            ExpectedVersion.NoStream => head is null ? Outcome.Write : HeldFrom(0),
            ExpectedVersion.EmptyStream => head is null ? Outcome.Wrong : head == -1 ? Outcome.Write : HeldFrom(0),
            _ when head is null || expected > head => Outcome.Wrong,
            _ when expected == head => stored.Count == 0 ? Outcome.Write : Outcome.Wrong,
            _ => HeldFrom(expected + 1),
        };

        Outcome HeldFrom(int version)
        {
            for (var index = 0; index < ids.Count; index++)
            {
                if (!stored.TryGetValue(ids[index], out var at) || at != version + index) return Outcome.Wrong;
            }

            return Outcome.AlreadyThere;
        }
    }
}
