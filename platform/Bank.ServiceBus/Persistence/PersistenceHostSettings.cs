using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence;

/// <summary>What a persistence needs to know about its endpoint.</summary>
/// <param name="EndpointName">The endpoint's name.</param>
/// <param name="Settings">The settings of the endpoint.</param>
/// <param name="Sagas">The sagas to store.</param>
/// <param name="OutboxEnabled">Whether the outbox is used.</param>
/// <param name="CriticalError">Called when the persistence cannot go on: what happened, the exception.</param>
/// <param name="Logger">Where to log.</param>
/// <param name="Clock">The time.</param>
public sealed record PersistenceHostSettings(
    string EndpointName,
    Settings.SettingsHolder Settings,
    IReadOnlyCollection<SagaMetadata> Sagas,
    bool OutboxEnabled,
    Action<string, Exception, CancellationToken> CriticalError,
    Microsoft.Extensions.Logging.ILoggerFactory Logger,
    TimeProvider Clock);
