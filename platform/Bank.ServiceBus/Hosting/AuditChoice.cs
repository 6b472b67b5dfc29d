namespace Bank.ServiceBus.Hosting;

/// <summary>Whether handled messages are copied, and where to. What the code says counts before the environment, which an operator can use to switch audit on or off.</summary>
/// <param name="Queue">The audit queue; null for no audit.</param>
/// <param name="TimeToBeReceived">After how long a copy may be discarded; null for never.</param>
internal sealed record AuditChoice(string? Queue, TimeSpan? TimeToBeReceived)
{
    public const string AddressVariable = "NSERVICEBUS__AUDIT__ADDRESS";
    public const string DisabledVariable = "NSERVICEBUS__AUDIT__DISABLED";

    /// <exception cref="InvalidOperationException">A variable has a value that means nothing; the message names it.</exception>
    public static AuditChoice Of(EndpointValues values, Func<string, string?> environment)
    {
        if (values.SendOnly || IsDisabled(environment(DisabledVariable))) return new(null, null);
        if (values.AuditQueue is not null) return new(values.AuditQueue, values.AuditTimeToBeReceived);
        return new(environment(AddressVariable) is { } address && !string.IsNullOrWhiteSpace(address) ? address.Trim() : null, null);
    }

    private static bool IsDisabled(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return false;
        return bool.TryParse(text, out var disabled)
            ? disabled
            : throw new InvalidOperationException($"{DisabledVariable}: '{text}' is neither true nor false.");
    }
}
