using Bank.Channels.Commands;

namespace Bank.Channels.Http;

/// <summary>Who asks, through which channel, and under which key.</summary>
internal sealed record CallerHeaders(string RequestedBy, string Channel, string IdempotencyKey)
{
    public static CallerHeaders Read(IHeaderDictionary headers, FieldErrors errors)
    {
        var requestedBy = errors.Text("X-Requested-By", headers["X-Requested-By"], 100);
        var channel = errors.Text("X-Channel", headers["X-Channel"], 50);
        var key = headers["Idempotency-Key"].ToString().Trim('"');
        if (key.Length is < 8 or > 128 || key.Any(letter => letter is <= ' ' or > '~'))
            errors.Add("Idempotency-Key", key.Length == 0 ? "is missing" : "must be 8 to 128 visible ASCII characters");
        return new CallerHeaders(requestedBy, channel, key);
    }
}

/// <summary>How long the client wants to wait: the preference <c>wait</c> of RFC 7240, section 4.3.</summary>
internal static class PreferWait
{
    public const string Description = "wait=SECONDS, 0 to 30: waits so long for the outcome.";

    private const int Longest = 30;

    public static TimeSpan? Read(IHeaderDictionary headers, FieldErrors errors)
    {
        foreach (var preference in headers["Prefer"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)) continue;
            if (int.TryParse(preference.AsSpan(5), out var seconds) && seconds is >= 0 and <= Longest) return TimeSpan.FromSeconds(seconds);
            errors.Add("Prefer", $"wait must be a whole number of seconds from 0 to {Longest}");
        }

        return null;
    }
}
