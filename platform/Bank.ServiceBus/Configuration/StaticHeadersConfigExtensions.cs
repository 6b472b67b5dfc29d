namespace Bank.ServiceBus;

/// <summary>Headers of all messages.</summary>
public static class StaticHeadersConfigExtensions
{
    /// <summary>Adds a header to every message that the endpoint sends, publishes or replies with; it takes the place of one of that name in the options.</summary>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public static void AddHeaderToAllOutgoingMessages(this EndpointConfiguration config, string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        config.Values.StaticHeaders[key] = value;
    }
}
