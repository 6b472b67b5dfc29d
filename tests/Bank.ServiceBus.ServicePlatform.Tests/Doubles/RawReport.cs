using System.Text;

namespace Bank.ServiceBus.ServicePlatform.Tests;

/// <summary>Reads the binary form of metrics by its description alone.</summary>
internal static class RawReport
{
    public static (long Ticks, long Value, string Tag)[] Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        Assert.Equal(1, reader.ReadInt64());
        var origin = reader.ReadInt64();
        var tags = new Dictionary<int, string>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var key = reader.ReadInt32();
            tags.Add(key, Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadInt32())));
        }

        Assert.Equal(Enumerable.Range(1, tags.Count), tags.Keys.Order());
        var entries = new (long, long, string)[reader.ReadInt32()];
        for (var index = 0; index < entries.Length; index++)
        {
            var ticks = origin + reader.ReadInt32();
            var tag = tags[reader.ReadInt32()];
            entries[index] = (ticks, reader.ReadInt64(), tag);
        }

        Assert.Equal(bytes.Length, reader.BaseStream.Position);
        return entries;
    }
}
