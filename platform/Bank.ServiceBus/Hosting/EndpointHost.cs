using System.Diagnostics.Metrics;
using Bank.ServiceBus.Diagnostics;
using Bank.ServiceBus.Handlers;
using Bank.ServiceBus.MessageInterfaces;
using Bank.ServiceBus.MessageMutator;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Routing;
using Bank.ServiceBus.Sagas;
using Bank.ServiceBus.Transport;
using Bank.ServiceBus.Unicast.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Hosting;

/// <summary>Builds an endpoint from its configuration, starts it and stops it.</summary>
internal sealed class EndpointHost : IHostedLifecycleService
{
    private const string MainReceiver = "Main";
    private const string InstanceReceiver = "InstanceSpecific";

    private readonly EndpointConfiguration configuration;
    private readonly EndpointValues values;
    private readonly IServiceProvider services;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly TimeProvider clock;
    private readonly EndpointSession session;
    private readonly Companions companions;
    private readonly AuditChoice audit;
    private readonly InstallersOptions? installersOnly;
    private TransportInfrastructure? transport;
    private PersistenceInfrastructure? persistence;
    private IMessageReceiver? receiver;
    private IMessageReceiver? instanceReceiver;
    private HandlerRegistry? handlers;
    private EndpointSurroundings? surroundings;
    private MessageOperations? operations;
    private RateLimit? rateLimit;
    private RecoverabilityExecutor? recoverability;

    public EndpointHost(EndpointConfiguration configuration, IServiceProvider services, ILoggerFactory loggers, TimeProvider clock)
    {
        this.configuration = configuration;
        this.services = services;
        this.loggers = loggers;
        this.clock = clock;
        values = configuration.Values;
        logger = loggers.CreateLogger("NServiceBus." + configuration.EndpointName);
        session = new EndpointSession(services);
        companions = new Companions(values.Companions);
        audit = AuditChoice.Of(values, Environment.GetEnvironmentVariable);
        installersOnly = services.GetService<InstallersOptions>();
        values.Installers |= installersOnly is not null;
    }

    public IMessageSession Session => session;

    public Task StartingAsync(CancellationToken cancellationToken) => OrShutDown(() => Create(cancellationToken));

    public Task StartAsync(CancellationToken cancellationToken) =>
        installersOnly is null ? OrShutDown(() => StartReceiving(cancellationToken)) : StopWhenInstalled(installersOnly);

    private Task StopWhenInstalled(InstallersOptions options)
    {
        logger.LogInformation("The installers of {Endpoint} have run; it is not started.", configuration.EndpointName);
        if (options.ShutdownBehavior != InstallersShutdownBehavior.StopApplication) return Task.CompletedTask;
        // Not at once: a host that is told to stop while it starts takes that for a failure.
        var lifetime = services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>();
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
        return Task.CompletedTask;
    }

    private async Task Create(CancellationToken cancellationToken)
    {
        var handlerTypes = HandlerScan.Find(values.Scanner).Concat(values.HandlerTypes).Distinct().ToArray();
        if (values.SendOnly) handlerTypes = [];
        handlers = new HandlerRegistry(handlerTypes);
        var sagas = SagaMetadataReader.ReadAll(handlerTypes.Where(type => typeof(Saga).IsAssignableFrom(type)));
        var messages = RegisterMessages(handlers);
        var routes = new RoutingTable(values);
        foreach (var type in routes.Types) messages.Register(type);

        await StartPersistence(sagas, cancellationToken);
        var host = HostInformation.Of(configuration);
        await StartTransport(host, cancellationToken);

        var mapper = new MessageMapper();
        var serializer = values.Serializer!.Configure(configuration.Settings)(mapper);
        var meter = new PipelineMeter(services.GetRequiredService<IMeterFactory>(), QueueName, clock, values.Observer, values.InstanceDiscriminator);
        var steps = Steps(sagas);
        operations = new MessageOperations(
            values.Conventions, messages, routes, serializer, transport!.Dispatcher, host, clock, mapper,
            new LocalAddresses(receiver?.ReceiveAddress, instanceReceiver?.ReceiveAddress, transport.ToTransportAddress), new DeliveryRules(values.Transport!, clock),
            steps(typeof(IOutgoingLogicalMessageContext)), steps(typeof(IOutgoingPhysicalMessageContext)));
        if (receiver is not null) await PrepareReceivers(host, messages, serializer, meter, steps, cancellationToken);
        surroundings = new EndpointSurroundings(
            host, receiver?.ReceiveAddress, transport.AsideDispatcher, HandlerScan.Types(values.Scanner), services, clock, loggers);
        await EndpointDiagnostics.Write(configuration, host, audit.Queue, handlerTypes, sagas, cancellationToken);
    }

    private async Task StartReceiving(CancellationToken cancellationToken)
    {
        session.Open(operations!, receiver?.Subscriptions);
        await companions.Start(surroundings!, cancellationToken);
        if (receiver is null) return;
        Type[] events = [.. handlers!.HandledTypes.Where(type => values.Conventions.IsEvent(type) && !values.NotSubscribed.Contains(type))];
        if (receiver.Subscriptions is { } subscriptions && events.Length > 0) await subscriptions.SubscribeAll(events, cancellationToken);
        if (persistence is not null) await persistence.Start(cancellationToken);
        foreach (var each in Receivers)
        {
            await each.StartReceive(cancellationToken);
            logger.LogInformation("Endpoint {Endpoint} receives from {Queue}.", configuration.EndpointName, each.ReceiveAddress);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            rateLimit?.Stop();
            recoverability?.Stop();
            await Task.WhenAll(Receivers.Select(each => each.StopReceive(cancellationToken)));
        }
        finally
        {
            await companions.Stop(cancellationToken);
        }
    }

    // Hosted services that send, such as a publishing hub, stop in StopAsync: the transport must outlive them.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (persistence is not null) await persistence.Stop(cancellationToken);
        if (transport is not null) await transport.Shutdown(cancellationToken);
    }

    private string QueueName => values.QueueName ?? configuration.EndpointName;

    private IEnumerable<IMessageReceiver> Receivers => new[] { receiver, instanceReceiver }.OfType<IMessageReceiver>();

    /// <summary>What was started before a failure must not live on in a host that does not start.</summary>
    private async Task OrShutDown(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch
        {
            try
            {
                await StopAsync(CancellationToken.None);
                await StoppedAsync(CancellationToken.None);
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "After the failed start of {Endpoint} not everything could be shut down.", configuration.EndpointName);
            }

            throw;
        }
    }

    private MessageRegistry RegisterMessages(HandlerRegistry registry)
    {
        var messages = new MessageRegistry(values.Conventions);
        // Who handles an interface must also recognise the events behind it when their assembly has another version.
        foreach (var assembly in registry.HandledTypes.Select(type => type.Assembly).Distinct())
        {
            foreach (var type in assembly.GetExportedTypes().Where(values.Conventions.IsMessage)) messages.Register(type);
        }

        foreach (var type in registry.AllTypes) messages.Register(type);
        return messages;
    }

    private async Task StartPersistence(SagaMetadata[] sagas, CancellationToken cancellationToken)
    {
        if (values.Persistence is null)
        {
            if (sagas.Length > 0) throw new InvalidOperationException($"The saga {sagas[0].Name} needs a persistence: choose one with UsePersistence.");
            return;
        }

        persistence = values.Persistence.Initialize(new PersistenceHostSettings(
            configuration.EndpointName, configuration.Settings, sagas, values.Outbox, OnCriticalError, loggers, clock));
        if (values.Installers) await persistence.Install(cancellationToken);
    }

    private async Task StartTransport(HostInformation host, CancellationToken cancellationToken)
    {
        ReceiveSettings[] receivers = values.SendOnly
            ? []
            : [new ReceiveSettings(MainReceiver, new QueueAddress(QueueName), UsePublishSubscribe: true, PurgeOnStartup: false, values.ErrorQueue)];
        if (values is { SendOnly: false, InstanceDiscriminator: { } discriminator })
            receivers = [.. receivers, new ReceiveSettings(InstanceReceiver, new QueueAddress(QueueName, discriminator), UsePublishSubscribe: false, PurgeOnStartup: false, values.ErrorQueue)];
        string[] sending = audit.Queue is null ? [values.ErrorQueue] : [values.ErrorQueue, audit.Queue];
        var settings = new HostSettings(configuration.EndpointName, host.DisplayName, values.Installers, OnCriticalError, loggers, clock);
        transport = await values.Transport!.Initialize(settings, receivers, values.SendOnly ? [] : sending, cancellationToken);
        receiver = transport.Receivers.GetValueOrDefault(MainReceiver);
        instanceReceiver = transport.Receivers.GetValueOrDefault(InstanceReceiver);
    }

    private Func<Type, IEnumerable<IBehavior>> Steps(SagaMetadata[] sagas)
    {
        var own = configuration.Pipeline.Steps.Select(step => (step.Stage, Step: step.Create(services))).ToArray();
        List<(Type Stage, IBehavior Step)> all = [.. own, (typeof(IOutgoingLogicalMessageContext), new SagaHeaders())];
        if (sagas.Length > 0)
            all.Add((typeof(IInvokeHandlerContext), new SagaInvocation(sagas, persistence!.SagaPersister, clock, loggers.CreateLogger<SagaInvocation>())));
        if (values.StaticHeaders.Count > 0) all.Add((typeof(IOutgoingLogicalMessageContext), new ApplyStaticHeaders(values.StaticHeaders)));
        all.AddRange(MutatorSteps.Of(values.Mutators, services.GetService<IServiceProviderIsService>()));
        return stage => all.Where(step => step.Stage == stage).Select(step => step.Step);
    }

    private async Task PrepareReceivers(
        HostInformation host, MessageRegistry messages, Serialization.IMessageSerializer serializer, PipelineMeter meter,
        Func<Type, IEnumerable<IBehavior>> steps, CancellationToken cancellationToken)
    {
        var dispatcher = transport!.Dispatcher;
        var scopes = new LogScopes(logger, configuration.EndpointName);
        var handling = new MessageHandling(
            messages, handlers!, serializer, meter, scopes, clock,
            steps(typeof(IIncomingPhysicalMessageContext)), steps(typeof(IIncomingLogicalMessageContext)), steps(typeof(IInvokeHandlerContext)));
        var afterwards = new AuditAndAcknowledge(audit.Queue, audit.TimeToBeReceived, host, dispatcher, clock);
        var pipeline = new ReceivePipeline(services, handling, operations!, dispatcher, persistence, afterwards, meter);
        recoverability = Recoverability(host, dispatcher, meter);
        var limits = values.MaxConcurrency is { } limit ? new PushRuntimeSettings(limit) : PushRuntimeSettings.Default;
        OnMessage handle = pipeline.Invoke;
        if (values.Recoverability is { RateLimit: { } restraint, FailuresBeforeRateLimit: var failures })
        {
            rateLimit = new RateLimit(failures, restraint, clock, logger);
            handle = (message, token) => rateLimit.Invoke(pipeline.Invoke, message, token);
        }

        foreach (var each in Receivers) await each.Initialize(limits, scopes.Around(handle), scopes.Around(recoverability.Handle), cancellationToken);
    }

    private RecoverabilityExecutor Recoverability(HostInformation host, IMessageDispatcher dispatcher, PipelineMeter meter)
    {
        var chosen = values.Recoverability;
        var unrecoverable = new HashSet<Type>(chosen.Unrecoverable);
        unrecoverable.UnionWith(persistence?.UnrecoverableExceptions ?? []);
        // Without transactions the queue no longer has the message, so nothing can bring it back.
        var retries = values.Transport!.TransportTransactionMode != TransportTransactionMode.None;
        var config = new RecoverabilityConfig(
            new ImmediateConfig(retries ? chosen.ImmediateRetries : 0),
            new DelayedConfig(retries && values.Transport.SupportsDelayedDelivery ? chosen.DelayedRetries : 0, chosen.TimeIncrease),
            new FailedConfig(values.ErrorQueue, unrecoverable));
        return new RecoverabilityExecutor(
            config, chosen.Policy ?? ((settings, error) => DefaultRecoverabilityPolicy.Invoke(settings, error, clock)), chosen.HeaderCustomization,
            dispatcher, host, meter, clock, logger);
    }

    private void OnCriticalError(string error, Exception exception, CancellationToken cancellationToken)
    {
        logger.LogCritical(exception, "Endpoint {Endpoint} cannot go on: {Error}", configuration.EndpointName, error);
        if (values.CriticalError is { } action) _ = Notify(action, new CriticalError(error, exception, StopAsync), cancellationToken);
    }

    private async Task Notify(Func<ICriticalErrorContext, CancellationToken, Task> action, ICriticalErrorContext context, CancellationToken cancellationToken)
    {
        try
        {
            await action(context, cancellationToken);
        }
        catch (Exception exception)
        {
            logger.LogCritical(exception, "The critical error action itself failed.");
        }
    }

    private sealed record CriticalError(string Error, Exception Exception, Func<CancellationToken, Task> Stop) : ICriticalErrorContext;
}
