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

    /// <summary>Groups that were gathered later have higher ones.</summary>
    public long Number { get; private set; }

    /// <summary>Begins anew: takes what was held back, the given one and what waits, oldest first, as far as it may travel together.</summary>
    /// <param name="first">Comes first unless something was held back.</param>
    /// <param name="waiting">What waits.</param>
    /// <param name="most">How many may come together; one may, whatever it is.</param>
    /// <param name="number">The group's.</param>
    public void Gather(PendingAppend? first, ChannelReader<PendingAppend> waiting, int most, long number)
    {
        Number = number;
        most = Math.Clamp(most, 1, MostTogether);
        Members.Clear();
        streams.Clear();
        var characters = 0L;
        var next = heldBack ?? first;
        heldBack = null;
        while (Members.Count < most && characters < MostCharactersTogether && (next is not null || waiting.TryRead(out next)))
        {
            if (!Takes(next)) return;
            characters += next.Characters;
            next = null;
        }
    }

    /// <summary>Begins anew with members that were gathered before.</summary>
    public void Take(List<PendingAppend> members, long number)
    {
        Number = number;
        Members.Clear();
        streams.Clear();
        foreach (var member in members)
        {
            Members.Add(member);
            streams.TryAdd(member.Stream.Value, []);
        }
    }

    /// <summary>Lets go of what was held back.</summary>
    public PendingAppend? LetGo()
    {
        var append = heldBack;
        heldBack = null;
        return append;
    }

    public bool SharesStreamWith(AppendGroup other)
    {
        foreach (var stream in streams.Keys)
        {
            if (other.streams.ContainsKey(stream)) return true;
        }

        return false;
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
