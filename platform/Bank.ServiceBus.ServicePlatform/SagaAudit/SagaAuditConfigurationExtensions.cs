using Bank.ServiceBus.SagaAudit;
using Bank.ServiceBus.ServicePlatform;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus;

/// <summary>Saga audit, from which the saga diagrams are drawn.</summary>
public static class SagaAuditConfigurationExtensions
{
    /// <summary>
    /// Reports the state of a saga after each message that it handles. The queue must be there when the endpoint starts; a later report that cannot be sent is logged, and disturbs nothing.
    /// </summary>
    /// <param name="config">The endpoint.</param>
    /// <param name="serviceControlQueue">The audit queue.</param>
    /// <param name="customSagaEntitySerialization">Turns the data of a saga into what may be shown. Default: all of it, as JSON.</param>
    /// <exception cref="ArgumentException">The queue is blank.</exception>
    public static void AuditSagaStateChanges(
        this EndpointConfiguration config, string serviceControlQueue, Func<object, Dictionary<string, string>>? customSagaEntitySerialization = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceControlQueue);
        var known = config.Settings.TryGet<SagaAuditor>(out _);
        var auditor = new SagaAuditor(serviceControlQueue, customSagaEntitySerialization);
        config.Settings.Set(auditor);
        config.RunOne(auditor);
        if (known) return;
        config.Pipeline.Register(_ => new CaptureSagaState(config.Settings.Get<SagaAuditor>()), "Reports what messages do to sagas.");
        config.Pipeline.Register(services => new CaptureResultingMessages(services.GetRequiredService<TimeProvider>()), "Notes what sagas send.");
    }
}
