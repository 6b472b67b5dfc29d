namespace Bank.ServiceBus.Transport;

/// <summary>Limits of a receiver.</summary>
/// <param name="MaxConcurrency">How many messages may be handled at a time; at least 1.</param>
public sealed record PushRuntimeSettings(int MaxConcurrency)
{
    /// <summary>As many as there are processors, at least 2.</summary>
    public static PushRuntimeSettings Default => new(Math.Max(2, Environment.ProcessorCount));
}
