using System.Text;

namespace Bank.ServiceBus;

/// <summary>Takes texts until all together have reached a number of bytes in UTF-8; from then on there is nothing to take.</summary>
/// <param name="mostBytes">The number of bytes.</param>
internal sealed class TextBudget(int mostBytes)
{
    // No character is longer.
    private const int LeastBytes = 4;

    private int left = mostBytes;

    /// <param name="text">Gives the text; whatever it throws is taken for the text.</param>
    /// <param name="longest">At most so many characters.</param>
    /// <returns>As much of the text as there is room for; null when there is no text or no room.</returns>
    public string? Take(Func<string?> text, int longest)
    {
        if (left < LeastBytes) return null;
        string? whole;
        try
        {
            whole = text();
        }
        catch (Exception exception)
        {
            whole = $"({exception.GetType().FullName} while this was asked for)";
        }

        if (whole is null) return null;
        var cut = Cut(whole, Math.Min(longest, whole.Length));
        left -= Encoding.UTF8.GetByteCount(cut);
        return cut;
    }

    private string Cut(string text, int longest)
    {
        var part = text.AsSpan(0, longest);
        if (Encoding.UTF8.GetByteCount(part) > left)
        {
            Encoding.UTF8.GetEncoder().Convert(part, new byte[left], flush: false, out longest, out _, out _);
            part = text.AsSpan(0, longest);
        }

        // No half of a character: it would come out as another one, and longer.
        if (part.Length > 0 && part.Length < text.Length && char.IsHighSurrogate(part[^1])) part = part[..^1];
        return part.Length == text.Length ? text : part.ToString();
    }
}
