using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>What a stream should hold, said as plainly as possible.</summary>
internal sealed class ModelledStream
{
    /// <summary>The ids that are still there, by version; null when the stream does not exist.</summary>
    private SortedDictionary<int, int>? _held;

    private int _version = -1;

    private int? _maxCount;

    public bool Exists => _held is not null;

    public IEnumerable<int> Ids => _held?.Values ?? Enumerable.Empty<int>();

    public int Version => _version;

    /// <returns>How many messages are written, and how many are removed thereby; null for a refusal.</returns>
    public (int Written, int Removed)? Append(int expected, int[] ids)
    {
        if (ids.Length == 0 && expected >= 0) return (0, 0);
        if (Allowed(expected, ids) is not { } written) return null;
        _held ??= [];
        foreach (var id in written) _held.Add(++_version, id);
        return (written.Length, Shorten());
    }

    /// <returns>How many notes are written; null for a refusal.</returns>
    public int? Delete(int expected)
    {
        var allowed = _held is null
            ? expected is ExpectedVersion.Any or ExpectedVersion.NoStream
            : expected == ExpectedVersion.Any || _held.Count == 0 || _held.Keys.Last() == expected;
        if (!allowed) return null;
        var notes = (_held is null ? 0 : 1) + (_maxCount is null ? 0 : 1);
        (_held, _version, _maxCount) = (null, -1, null);
        return notes;
    }

    /// <returns>How many notes are written.</returns>
    public int DeleteMessage(int id)
    {
        if (_held is null || !_held.ContainsValue(id)) return 0;
        _held.Remove(_held.First(pair => pair.Value == id).Key);
        return 1;
    }

    /// <returns>How many messages are written: the metadata, unless it is as before, and the notes of what it removes.</returns>
    public int Limit(int maxCount)
    {
        if (_maxCount == maxCount) return 0;
        _maxCount = maxCount;
        return 1 + Shorten();
    }

    /// <summary>What an append adds: nothing for a repetition, null when it is refused.</summary>
    private int[]? Allowed(int expected, int[] ids)
    {
        var isDistinct = ids.Distinct().Count() == ids.Length;
        if (_held is null) return expected is ExpectedVersion.NoStream or ExpectedVersion.Any && isDistinct ? ids : null;
        if (ids.Length == 0) return [];
        var place = expected switch
        {
            ExpectedVersion.NoStream or ExpectedVersion.EmptyStream => 0,
            ExpectedVersion.Any => _held.ContainsValue(ids[0]) ? _held.First(pair => pair.Value == ids[0]).Key : _version + 1,
            _ => expected + 1,
        };
        if (place <= _version) return ids.Select((id, index) => _held.TryGetValue(place + index, out var held) && held == id).All(same => same) ? [] : null;
        return place == _version + 1 && expected != ExpectedVersion.NoStream && isDistinct && !ids.Any(_held.ContainsValue) ? ids : null;
    }

    private int Shorten()
    {
        if (_held is null || _maxCount is not > 0) return 0;
        var gone = _held.Keys.SkipLast(_maxCount.Value).ToArray();
        foreach (var version in gone) _held.Remove(version);
        return gone.Length;
    }
}
