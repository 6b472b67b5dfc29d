using System.Threading.Channels;

namespace Bank.StreamStore.Sql;

/// <summary>Appends that may travel together.</summary>
internal sealed class AppendGroup
{
    private const int MostTogether = 256;
    private const int MostCharactersTogether = 4 * 1024 * 1024;

    private readonly Dictionary<string, List<PendingAppend>> streams = new(StringComparer.Ordinal);
    private PendingAppend? heldBack;

    public List<PendingAppend> Members { get; } = [];

    public int Count => Members.Count;

    public bool HoldsBack => heldBack is not null;

    /// <summary>Begins anew: takes what was held back, the given one and what waits, oldest first, as far as it may travel together.</summary>
    public void Gather(PendingAppend? first, ChannelReader<PendingAppend> waiting)
    {
        Members.Clear();
        streams.Clear();
        var characters = 0L;
        var next = heldBack ?? first;
        heldBack = null;
        while (Members.Count < MostTogether && characters < MostCharactersTogether && (next is not null || waiting.TryRead(out next)))
        {
            if (!Takes(next)) return;
            characters += next.Characters;
            next = null;
        }
    }

    /// <returns>Whether more may follow.</returns>
    private bool Takes(PendingAppend append)
    {
        if (!streams.TryGetValue(append.Stream.Value, out var others))
        {
            if (!append.TryTake()) return true;
            streams.Add(append.Stream.Value, [append]);
        }
        else if (others.Exists(append.SharesIdWith))
        {
            // A repetition is told from a conflict by what is stored, so the first of the two must be stored by then.
            heldBack = append;
            return false;
        }
        else
        {
            if (!append.TryTake()) return true;
            others.Add(append);
        }

        Members.Add(append);
        return true;
    }
}
