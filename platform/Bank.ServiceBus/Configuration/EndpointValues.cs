using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Serialization;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus;

/// <summary>What the configuration calls of one endpoint have gathered.</summary>
internal sealed class EndpointValues
{
    public bool SendOnly { get; set; }

    public bool Installers { get; set; }

    public bool Outbox { get; set; }

    public int? MaxConcurrency { get; set; }

    public string ErrorQueue { get; set; } = "error";

    /// <summary>The name of the shared queue; null for that of the endpoint.</summary>
    public string? QueueName { get; set; }

    public string? InstanceDiscriminator { get; set; }

    public string? AuditQueue { get; set; }

    public TimeSpan? AuditTimeToBeReceived { get; set; }

    public string? HostDisplayName { get; set; }

    public Guid? HostId { get; set; }

    public Func<ICriticalErrorContext, CancellationToken, Task>? CriticalError { get; set; }

    public Func<string, CancellationToken, Task>? DiagnosticsWriter { get; set; }

    public string? DiagnosticsPath { get; set; }

    public TransportDefinition? Transport { get; set; }

    public PersistenceDefinition? Persistence { get; set; }

    public SerializationDefinition? Serializer { get; set; }

    public List<(Type Type, string Destination)> TypeRoutes { get; } = [];

    public List<(System.Reflection.Assembly Assembly, string Destination)> AssemblyRoutes { get; } = [];

    public HashSet<Type> HandlerTypes { get; } = [];

    /// <summary>Events that are handled but not subscribed to.</summary>
    public HashSet<Type> NotSubscribed { get; } = [];

    public AssemblyScannerConfiguration Scanner { get; } = new();

    public MessageConventions Conventions { get; } = new();

    public RecoverabilityValues Recoverability { get; } = new();

    public Dictionary<string, string> StaticHeaders { get; } = new(StringComparer.Ordinal);

    public List<object> Mutators { get; } = [];

    public List<Hosting.ICompanion> Companions { get; } = [];

    public Diagnostics.IProcessingObserver? Observer { get; set; }
}

/// <summary>What the recoverability calls have gathered.</summary>
internal sealed class RecoverabilityValues
{
    public int ImmediateRetries { get; set; } = 5;

    public int DelayedRetries { get; set; } = 3;

    public TimeSpan TimeIncrease { get; set; } = TimeSpan.FromSeconds(10);

    public HashSet<Type> Unrecoverable { get; } = [typeof(MessageDeserializationException)];

    public Func<RecoverabilityConfig, ErrorContext, RecoverabilityAction>? Policy { get; set; }

    public Action<Dictionary<string, string>>? HeaderCustomization { get; set; }

    public int FailuresBeforeRateLimit { get; set; }

    public RateLimitSettings? RateLimit { get; set; }
}
