using System.Buffers.Binary;

namespace Bank.ServiceBus;

/// <summary>Random ids that sort roughly by time in a SQL Server index: the last six bytes are days since 1900 and 300ths of a second of the day.</summary>
internal static class CombGuid
{
    private static readonly DateTime Epoch = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static Guid New(TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], (ushort)(now - Epoch).Days);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], (uint)(now.TimeOfDay.TotalMilliseconds / 3.333333));
        return new Guid(bytes);
    }

    public static string NewText(TimeProvider clock) => New(clock).ToString();
}
