using System.Buffers;
using System.Globalization;
using Bank.ServiceBus.Diagnostics;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.MessageInterfaces;
using Bank.ServiceBus.Routing;
using Bank.ServiceBus.Serialization;
using Bank.ServiceBus.Transport;
using Bank.ServiceBus.Unicast.Messages;

namespace Bank.ServiceBus.Pipeline;

/// <summary>The outgoing pipeline: from a message object to a transport operation.</summary>
internal sealed class MessageOperations
{
    private readonly MessageConventions conventions;
    private readonly MessageRegistry messages;
    private readonly RoutingTable routes;
    private readonly IMessageSerializer serializer;
    private readonly Action<object, IBufferWriter<byte>> serialize;
    private readonly BodyBuffers buffers = new();
    private readonly IMessageDispatcher dispatcher;
    private readonly OutgoingHeaders headers;
    private readonly TimeProvider clock;
    private readonly MessageMapper mapper;
    private readonly LocalAddresses addresses;
    private readonly DeliveryRules rules;
    private readonly Func<IOutgoingLogicalMessageContext, Task> logicalStage;
    private readonly Func<IOutgoingPhysicalMessageContext, Task> physicalStage;

    public MessageOperations(
        MessageConventions conventions, MessageRegistry messages, RoutingTable routes, IMessageSerializer serializer, IMessageDispatcher dispatcher,
        HostInformation host, TimeProvider clock, MessageMapper mapper, LocalAddresses addresses, DeliveryRules rules, IEnumerable<IBehavior> logicalSteps, IEnumerable<IBehavior> physicalSteps)
    {
        this.conventions = conventions;
        this.messages = messages;
        this.routes = routes;
        this.serializer = serializer;
        serialize = serializer.Serialize;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.mapper = mapper;
        this.addresses = addresses;
        this.rules = rules;
        headers = new OutgoingHeaders(host, clock, addresses);
        logicalStage = BehaviorChain.Compose<IOutgoingLogicalMessageContext>(logicalSteps, SerializeAndPassOn);
        physicalStage = BehaviorChain.Compose<IOutgoingPhysicalMessageContext>(physicalSteps, HandOver);
    }

    /// <summary>Makes a message, which may be of an interface type, and fills it.</summary>
    public object Create<T>(Action<T> fill) => mapper.CreateInstance(fill)!;

    /// <summary>A message and the type that it is sent as.</summary>
    public OutgoingLogicalMessage Outgoing(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new OutgoingLogicalMessage(mapper.TypeOf(message), message);
    }

    public Task Send(OperationScope scope, object message, SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(options);
        var type = mapper.TypeOf(message);
        if (options.EnforcesBestPractices && conventions.IsEvent(type)) throw new InvalidOperationException($"{type.FullName} is an event: publish it instead of sending it.");
        return Go(scope, message, options, new UnicastRoutingStrategy(DestinationOf(type, options)), MessageIntent.Send);
    }

    public Task Publish(OperationScope scope, object message, PublishOptions options)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(options);
        var type = mapper.TypeOf(message);
        if (options.EnforcesBestPractices && conventions.IsCommand(type)) throw new InvalidOperationException($"{type.FullName} is a command: send it instead of publishing it.");
        return Go(scope, message, options, new MulticastRoutingStrategy(type), MessageIntent.Publish);
    }

    public Task Reply(OperationScope scope, object message, ReplyOptions options)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(options);
        var type = mapper.TypeOf(message);
        if (options.EnforcesBestPractices && (conventions.IsEvent(type) || conventions.IsCommand(type)))
            throw new InvalidOperationException($"{type.FullName} is {(conventions.IsEvent(type) ? "an event" : "a command")}: a reply must be neither.");
        var destination = options.Destination ?? scope.Incoming?.Headers.GetValueOrDefault(Headers.ReplyToAddress);
        if (string.IsNullOrEmpty(destination))
            throw new InvalidOperationException($"The message '{scope.Incoming?.MessageId}' has no header {Headers.ReplyToAddress}: there is nobody to reply to.");
        return Go(scope, message, options, new UnicastRoutingStrategy(destination), MessageIntent.Reply);
    }

    public Task Forward(OperationScope scope, string destination)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(destination);
        var incoming = scope.Incoming!;
        var copy = new OutgoingMessage(incoming.MessageId, new Dictionary<string, string>(incoming.Headers), incoming.Body.ToArray());
        return Dispatch(scope, new TransportOperation(copy, new UnicastDestination(destination), DispatchProperties.None), immediately: false);
    }

    private string DestinationOf(Type type, SendOptions options)
    {
        if (options.Destination is { } destination) return destination;
        if (options.ToThisInstance) return addresses.Instance;
        if (options.ToThisEndpoint) return addresses.Shared;
        return options.SpecificInstance is { } instance ? addresses.Of(routes.DestinationOf(type), instance) : routes.DestinationOf(type);
    }

    private async Task Go(OperationScope scope, object message, ExtendableOptions options, RoutingStrategy strategy, MessageIntent intent)
    {
        using var activity = BusActivities.StartOutgoing(intent);
        var id = options.MessageId ?? CombGuid.NewText(clock);
        var bag = new ContextBag(scope.Extensions);
        bag.Set(options);
        var context = new OutgoingLogicalMessageContext(
            this, scope, id, headers.For(scope, options, id, intent, serializer.ContentType), bag,
            Outgoing(message), [strategy], options);
        try
        {
            await logicalStage(context);
            BusActivities.Describe(activity, context.Headers);
        }
        catch (Exception exception)
        {
            BusActivities.Fail(activity, exception);
            throw;
        }
    }

    private Task SerializeAndPassOn(IOutgoingLogicalMessageContext context)
    {
        // A step may have replaced the message by one of another type.
        var (metadata, logical) = (messages.Get(context.Message.MessageType), (OutgoingLogicalMessageContext)context);
        context.Headers[Headers.EnclosedMessageTypes] = metadata.EnclosedMessageTypes;
        if (metadata.TimeToBeReceived is { } lifetime)
        {
            logical.Delivery = logical.Delivery with { DiscardIfNotReceivedBefore = lifetime };
            context.Headers[HeaderNames.TimeToBeReceived] = lifetime.ToString("c", CultureInfo.InvariantCulture);
        }

        rules.Check(logical.Delivery, metadata.MessageType);
        var body = buffers.Write(context.Message.Instance, serialize);
        return physicalStage(new OutgoingPhysicalMessageContext(this, logical, body));
    }

    private Task HandOver(IOutgoingPhysicalMessageContext context)
    {
        var physical = (OutgoingPhysicalMessageContext)context;
        BusActivities.Propagate(physical.Headers);
        var message = new OutgoingMessage(context.MessageId, context.Headers, context.Body);
        OperationDestination destination = physical.RoutingStrategies.Single() switch
        {
            UnicastRoutingStrategy unicast => new UnicastDestination(unicast.Destination),
            MulticastRoutingStrategy multicast => new MulticastDestination(multicast.MessageType),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is not a way to send."),
        };
        return Dispatch(physical.Scope, new TransportOperation(message, destination, physical.Delivery), physical.Options.ImmediateDispatch);
    }

    private Task Dispatch(OperationScope scope, TransportOperation operation, bool immediately)
    {
        if (scope.Pending is not null && !immediately)
        {
            scope.Pending.Add(operation);
            return Task.CompletedTask;
        }

        var isolated = operation with { RequiredDispatchConsistency = DispatchConsistency.Isolated };
        return dispatcher.Dispatch(new TransportOperations(isolated), scope.Transaction, scope.CancellationToken);
    }
}
