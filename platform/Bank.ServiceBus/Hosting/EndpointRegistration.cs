namespace Bank.ServiceBus.Hosting;

/// <summary>One endpoint of a host.</summary>
/// <param name="configuration">The endpoint.</param>
/// <param name="identifier">What tells it from the others of the host; null for the only one.</param>
internal sealed class EndpointRegistration(EndpointConfiguration configuration, object? identifier)
{
    /// <exception cref="InvalidOperationException">The endpoint cannot be in one host with one of the others; the message says why.</exception>
    public void CheckBeside(IEnumerable<EndpointRegistration> others)
    {
        foreach (var other in others)
        {
            if (other.Identifier is null || identifier is null)
                throw Refusal(other, "each of several endpoints needs an endpointIdentifier");
            if (other.Identifier.Equals(identifier)) throw Refusal(other, $"both have the endpointIdentifier '{identifier}'");
            if (ReferenceEquals(other.Configuration, configuration)) throw Refusal(other, "both have one configuration");
            if (ReferenceEquals(other.Configuration.Values.Transport, configuration.Values.Transport)) throw Refusal(other, "both have one transport instance");
            // Each would run the handlers and sagas of the other.
            if (!other.Configuration.AssemblyScanner().Disable || !configuration.AssemblyScanner().Disable)
                throw Refusal(other, "AssemblyScanner().Disable must be set for both, and their handlers and sagas named with AddHandler and AddSaga");
        }
    }

    private object? Identifier => identifier;

    private EndpointConfiguration Configuration => configuration;

    private InvalidOperationException Refusal(EndpointRegistration other, string reason) =>
        new($"The endpoints '{other.Configuration.EndpointName}' and '{configuration.EndpointName}' cannot be in one host: {reason}.");
}
