namespace Bank.Transfers.Transfers;

/// <summary>How long a transfer may take.</summary>
/// <param name="Limit">From its start to its deadline; after that no step begins that could still move money.</param>
public sealed record TransferTimes(TimeSpan Limit)
{
    private static readonly TimeSpan LongestReminder = TimeSpan.FromHours(1);

    /// <summary>When to ask again after so many times: later each time.</summary>
    public TimeSpan ReminderAfter(int reminders)
    {
        var wait = Limit * Math.Pow(2, Math.Min(reminders, 20));
        return wait < LongestReminder ? wait : LongestReminder;
    }

    /// <summary>Reads <c>Bank:Transfers:TimeLimit</c>; 5 minutes when it is missing.</summary>
    /// <exception cref="InvalidOperationException">It is not a time span above zero.</exception>
    public static TransferTimes Read(IConfiguration configuration)
    {
        const string key = "Bank:Transfers:TimeLimit";
        var text = configuration[key];
        if (string.IsNullOrEmpty(text)) return new TransferTimes(TimeSpan.FromMinutes(5));
        return TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var limit) && limit > TimeSpan.Zero
            ? new TransferTimes(limit)
            : throw new InvalidOperationException($"{key}: '{text}' is not a time span above zero, such as 00:05:00.");
    }
}
