using Bank.ServiceBus.AutomaticSubscriptions.Config;

namespace Bank.ServiceBus;

/// <summary>Creates queues, exchanges and tables at start.</summary>
public static class InstallConfigExtensions
{
    /// <summary>Creates missing queues, exchanges and tables when the endpoint starts.</summary>
    /// <param name="config">The endpoint.</param>
    /// <param name="username">Who gets access, on transports that grant it; neither transport of this library does.</param>
    public static void EnableInstallers(this EndpointConfiguration config, string? username = null) => config.Values.Installers = true;
}

/// <summary>How many messages are handled at a time.</summary>
public static class MessageProcessingOptimizationExtensions
{
    /// <summary>Handles at most this many messages at a time. Default: as many as there are processors, at least 2.</summary>
    public static void LimitMessageProcessingConcurrencyTo(this EndpointConfiguration config, int maxConcurrency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrency, 1);
        config.Values.MaxConcurrency = maxConcurrency;
    }
}

/// <summary>To which events the endpoint subscribes when it starts.</summary>
public static class AutoSubscribeSettingsExtensions
{
    /// <summary>To which of the events that it handles the endpoint subscribes when it starts.</summary>
    public static AutoSubscribeSettings AutoSubscribe(this EndpointConfiguration config) => new(config);
}

/// <summary>Where failed messages go.</summary>
public static class ConfigureError
{
    /// <summary>Sends messages that failed for good to a queue. Default: <c>error</c>.</summary>
    public static void SendFailedMessagesTo(this EndpointConfiguration config, string errorQueue)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(errorQueue);
        config.Values.ErrorQueue = errorQueue;
    }
}

/// <summary>Where copies of handled messages go.</summary>
public static class ConfigureAudit
{
    /// <summary>Sends a copy of every handled message to a queue, optionally to be discarded after a time.</summary>
    public static void AuditProcessedMessagesTo(this EndpointConfiguration config, string auditQueue, TimeSpan? timeToBeReceived = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(auditQueue);
        config.Values.AuditQueue = auditQueue;
        config.Values.AuditTimeToBeReceived = timeToBeReceived;
    }
}

/// <summary>Where the description of the started endpoint is written.</summary>
public static class DiagnosticSettingsExtensions
{
    /// <summary>Hands the description, a JSON text, to a function instead of writing a file.</summary>
    public static void CustomDiagnosticsWriter(this EndpointConfiguration config, Func<string, CancellationToken, Task> customDiagnosticsWriter) =>
        config.Values.DiagnosticsWriter = customDiagnosticsWriter ?? throw new ArgumentNullException(nameof(customDiagnosticsWriter));

    /// <summary>Writes the file to a folder. Default: <c>.diagnostics</c> beside the application.</summary>
    public static void SetDiagnosticsPath(this EndpointConfiguration config, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        config.Values.DiagnosticsPath = path;
    }
}

/// <summary>How the running instance names itself.</summary>
public static class HostInfoConfigurationExtensions
{
    /// <summary>Names the running instance. Default: derived from machine name and program path.</summary>
    public static HostInfoSettings UniquelyIdentifyRunningInstance(this EndpointConfiguration config) => new(config);
}

/// <summary>How the running instance names itself.</summary>
public class HostInfoSettings
{
    private readonly EndpointConfiguration config;

    internal HostInfoSettings(EndpointConfiguration config) => this.config = config;

    /// <summary>The name that people see. Default: the machine name.</summary>
    public HostInfoSettings UsingCustomDisplayName(string displayName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(displayName);
        config.Values.HostDisplayName = displayName;
        return this;
    }

    /// <summary>The id.</summary>
    public HostInfoSettings UsingCustomIdentifier(Guid id)
    {
        if (id == Guid.Empty) throw new ArgumentException("id: is empty.", nameof(id));
        config.Values.HostId = id;
        return this;
    }

    /// <summary>Derives the id from two names.</summary>
    public HostInfoSettings UsingNames(string instanceName, string hostName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceName);
        ArgumentException.ThrowIfNullOrWhiteSpace(hostName);
        config.Values.HostId = Hosting.HostInformation.IdOf(instanceName, hostName);
        return this;
    }
}

/// <summary>How handlers and sagas are found.</summary>
public static class AssemblyScannerConfigurationExtensions
{
    /// <summary>How handlers and sagas are found.</summary>
    public static AssemblyScannerConfiguration AssemblyScanner(this EndpointConfiguration configuration) => configuration.Values.Scanner;
}

/// <summary>How handlers and sagas are found: in the loaded assemblies that refer to this library, or only by registration.</summary>
public class AssemblyScannerConfiguration
{
    /// <summary>No scanning: only what <c>AddHandler</c> and <c>AddSaga</c> name.</summary>
    public bool Disable { get; set; }

    /// <summary>Whether to look at the assemblies loaded already, besides the one that started the process and those it refers to. Default: true.</summary>
    public bool ScanAppDomainAssemblies { get; set; } = true;

    /// <summary>Leaves assemblies out, by simple name, with or without <c>.dll</c>.</summary>
    public void ExcludeAssemblies(params string[] assemblies)
    {
        foreach (var assembly in assemblies)
            Excluded.Add(assembly.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? assembly[..^4] : assembly);
    }

    internal HashSet<string> Excluded { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Names handlers.</summary>
public static class MessageHandlerRegistrationExtensions
{
    /// <summary>Adds a handler, found by scanning or not.</summary>
    /// <exception cref="ArgumentException">The class handles no message.</exception>
    public static void AddHandler<THandler>(this EndpointConfiguration config)
    {
        if (!Handlers.HandlerScan.IsHandler(typeof(THandler)))
            throw new ArgumentException($"THandler: {typeof(THandler).FullName} is not a class that implements IHandleMessages<T>.");
        config.Values.HandlerTypes.Add(typeof(THandler));
    }
}

/// <summary>What to do when the endpoint cannot go on.</summary>
public static class ConfigureCriticalErrorAction
{
    /// <summary>Calls a function when the transport or persistence cannot go on. Default: a log entry.</summary>
    public static void DefineCriticalErrorAction(
        this EndpointConfiguration endpointConfiguration, Func<ICriticalErrorContext, CancellationToken, Task> onCriticalError) =>
        endpointConfiguration.Values.CriticalError = onCriticalError ?? throw new ArgumentNullException(nameof(onCriticalError));
}

/// <summary>What made it impossible to go on.</summary>
public interface ICriticalErrorContext
{
    /// <summary>What happened.</summary>
    string Error { get; }

    /// <summary>The exception behind it.</summary>
    Exception Exception { get; }

    /// <summary>Stops the endpoint.</summary>
    Func<CancellationToken, Task> Stop { get; }
}

/// <summary>Names sagas.</summary>
public static class SagaRegistrationExtensions
{
    /// <summary>Adds a saga, found by scanning or not.</summary>
    public static void AddSaga<TSaga>(this EndpointConfiguration config) where TSaga : Saga, IHandleMessages => config.Values.HandlerTypes.Add(typeof(TSaga));
}

/// <summary>Which queues the endpoint receives from.</summary>
public static class ReceiveSettingsExtensions
{
    /// <summary>Gives this instance a queue of its own besides the shared one: <c>{endpoint}-{discriminator}</c>.</summary>
    /// <param name="config">The endpoint.</param>
    /// <param name="discriminator">Tells this instance from the others; the same again after a restart.</param>
    /// <exception cref="ArgumentException">The discriminator is empty.</exception>
    public static void MakeInstanceUniquelyAddressable(this EndpointConfiguration config, string discriminator)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(discriminator);
        config.Values.InstanceDiscriminator = discriminator;
    }

    /// <summary>Names the queue otherwise than the endpoint. Others send to this name; headers keep the name of the endpoint.</summary>
    /// <param name="config">The endpoint.</param>
    /// <param name="baseInputQueueName">The name of the shared queue, and the beginning of the name of the instance's own one.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public static void OverrideLocalAddress(this EndpointConfiguration config, string baseInputQueueName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(baseInputQueueName);
        config.Values.QueueName = baseInputQueueName;
    }
}
