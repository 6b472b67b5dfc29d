using System.Buffers;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>What names of schemas and tables are made of: such names stand in quotes, in texts and in statements within texts.</summary>
internal static class NameParts
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\"'[]$%;`");

    /// <summary>Whether a text can stand in all of those places.</summary>
    public static bool IsPlain(string part) => !part.AsSpan().ContainsAny(Special) && !part.Any(char.IsControl);

    /// <summary>Why a text cannot.</summary>
    public static string Refusal(string setting, string part) => $"{setting}: '{part}' holds characters that no name should have.";

    /// <exception cref="InvalidOperationException">The text cannot be part of a name; the message names the setting.</exception>
    public static void Check(string setting, string? part)
    {
        if (part is not null && !IsPlain(part)) throw new InvalidOperationException(Refusal(setting, part));
    }
}
