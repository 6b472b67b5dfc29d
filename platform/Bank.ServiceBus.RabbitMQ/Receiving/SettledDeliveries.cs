namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Up to where all deliveries of a channel are settled. It keeps those that are not, which the prefetch limits, however long one of them takes.</summary>
internal sealed class SettledDeliveries
{
    // Ascending, and all below the highest: new ones only ever come at the end.
    private readonly List<ulong> open = [];
    private ulong highest;

    /// <summary>This delivery and all before it are settled; 0 for none.</summary>
    public ulong UpTo => open.Count == 0 ? highest : open[0] - 1;

    /// <summary>How many deliveries before the highest settled one are not settled.</summary>
    public int Open => open.Count;

    /// <summary>Notes that a delivery is settled.</summary>
    public void Add(ulong tag)
    {
        if (tag <= highest)
        {
            var index = open.BinarySearch(tag);
            if (index >= 0) open.RemoveAt(index);
            return;
        }

        for (var between = highest + 1; between < tag; between++) open.Add(between);
        highest = tag;
    }
}
