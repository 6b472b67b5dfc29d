using System.Text;

namespace Bank.ServiceBus;

/// <summary>
/// How much all headers of a message may take: a broker wants them in one frame, of 128 kB by default, and closes the connection otherwise (AMQP 0-9-1,
/// section 4.2.6.1). A copy with headers added must still fit, or the message that it is made from comes back for ever.
/// </summary>
internal static class HeaderRoom
{
    // What is left of the frame is for the properties beside the headers.
    private const int MostBytes = 126 * 1024;

    // Of one header besides its texts: lengths and kind.
    private const int Overhead = 8;

    // No UTF-16 unit becomes more bytes in UTF-8.
    private const int MostBytesOfUnit = 3;

    /// <summary>How many bytes may still be added; not less than 0.</summary>
    public static int Left(Dictionary<string, string> headers) => Math.Max(0, MostBytes - BytesOf(headers));

    /// <summary>Cuts the longest values until all headers fit. Nearly always there is nothing to cut.</summary>
    /// <returns>The names of those that were cut.</returns>
    public static IReadOnlyCollection<string> Fit(Dictionary<string, string> headers)
    {
        var units = 0;
        foreach (var (key, value) in headers) units += key.Length + value.Length + Overhead;
        if (units * MostBytesOfUnit <= MostBytes) return [];

        var cut = new HashSet<string>(StringComparer.Ordinal);
        for (var excess = BytesOf(headers) - MostBytes; excess > 0; excess = BytesOf(headers) - MostBytes)
        {
            var (key, value) = headers.MaxBy(header => Encoding.UTF8.GetByteCount(header.Value));
            if (value.Length == 0) break;
            headers[key] = new TextBudget(Encoding.UTF8.GetByteCount(value) - excess).Take(() => value, value.Length) ?? "";
            cut.Add(key);
        }

        return cut;
    }

    private static int BytesOf(Dictionary<string, string> headers) =>
        headers.Sum(header => Encoding.UTF8.GetByteCount(header.Key) + Encoding.UTF8.GetByteCount(header.Value) + Overhead);
}
