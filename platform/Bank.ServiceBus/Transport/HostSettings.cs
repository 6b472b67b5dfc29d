namespace Bank.ServiceBus.Transport;

/// <summary>What a transport needs to know about its endpoint.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="HostDisplayName">How the running instance calls itself, for connection names and consumer tags.</param>
/// <param name="SetupInfrastructure">Whether to create missing queues and exchanges.</param>
/// <param name="CriticalError">Called when the transport cannot go on: what happened, the exception.</param>
/// <param name="Logger">Where to log.</param>
/// <param name="Clock">The time.</param>
public sealed record HostSettings(
    string Name,
    string HostDisplayName,
    bool SetupInfrastructure,
    Action<string, Exception, CancellationToken> CriticalError,
    Microsoft.Extensions.Logging.ILoggerFactory Logger,
    TimeProvider Clock);
