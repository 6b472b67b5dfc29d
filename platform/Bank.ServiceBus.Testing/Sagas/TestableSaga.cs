using Bank.ServiceBus.Handlers;
using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Sagas;
using Bank.ServiceBus.Unicast.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bank.ServiceBus.Testing;

/// <summary>Runs a saga in memory, with its own mapping and with virtual time, over any number of messages and instances.</summary>
/// <typeparam name="TSaga">The saga.</typeparam>
/// <typeparam name="TSagaData">Its state; kept as JSON between messages.</typeparam>
public class TestableSaga<TSaga, TSagaData> where TSaga : Saga<TSagaData> where TSagaData : class, IContainSagaData, new()
{
    private readonly Func<TSaga> sagaFactory;
    private readonly HandlerRegistry handlers = new([typeof(TSaga)]);
    private readonly SagaMetadata metadata = SagaMetadataReader.Read(typeof(TSaga));
    private readonly SagaInvocation invocation;
    private readonly VirtualClock clock;
    private readonly SagaMail mail;

    /// <summary>Makes a saga without instances.</summary>
    /// <param name="sagaFactory">Makes the object that handles one message. Default: the parameterless constructor.</param>
    /// <param name="initialCurrentTime">Where virtual time starts, UTC. Default: now.</param>
    public TestableSaga(Func<TSaga>? sagaFactory = null, DateTime? initialCurrentTime = default)
    {
        this.sagaFactory = sagaFactory ?? Activator.CreateInstance<TSaga>;
        clock = new VirtualClock(StartOf(initialCurrentTime));
        mail = new SagaMail(typeof(TSaga), type => metadata.AssociatedMessages.Any(message => message.MessageType.IsAssignableFrom(type)), clock);
        invocation = new SagaInvocation([metadata], new SagaMemory(), clock, NullLogger.Instance);
    }

    /// <summary>Virtual time, UTC; moved by <see cref="AdvanceTime"/> alone.</summary>
    public DateTime CurrentTime => clock.Now.UtcDateTime;

    /// <summary>Whether messages that the saga sent to itself, or simulated replies, wait to be handled.</summary>
    public bool HasQueuedMessages => mail.Count > 0;

    /// <summary>How many such messages wait.</summary>
    public int QueueLength => mail.Count;

    /// <summary>The next such message, left where it is.</summary>
    /// <exception cref="InvalidOperationException">None waits.</exception>
    public QueuedSagaMessage QueuePeek() => mail.Peek();

    /// <summary>Answers every message of a type that the saga sends or publishes; the answer waits in the queue. Null answers nothing.</summary>
    public void SimulateReply<TSagaMessage, TReplyMessage>(Func<TSagaMessage, TReplyMessage> simulateReply)
    {
        ArgumentNullException.ThrowIfNull(simulateReply);
        mail.Simulate(typeof(TSagaMessage), request => simulateReply((TSagaMessage)request));
    }

    /// <summary>Handles a message, which finds its instance by the mapping, or starts one.</summary>
    /// <exception cref="InvalidOperationException">The saga does not handle such messages, or no instance was found and the message may not start one.</exception>
    public Task<HandleResult> Handle<TMessage>(
        TMessage message, TestableMessageHandlerContext? context = null, IReadOnlyDictionary<string, string>? messageHeaders = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return HandleFound(new QueuedSagaMessage(message, messageHeaders ?? new Dictionary<string, string>()), context);
    }

    /// <summary>Handles a reply to something that an instance has sent.</summary>
    /// <exception cref="InvalidOperationException">The saga does not handle such messages, or there is no such instance.</exception>
    public Task<HandleResult> HandleReply<TMessage>(
        Guid sagaId, TMessage message, TestableMessageHandlerContext? context = null, IReadOnlyDictionary<string, string>? messageHeaders = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        var headers = SagaMail.ReplyHeaders(typeof(TSaga), sagaId);
        foreach (var (key, value) in messageHeaders ?? new Dictionary<string, string>()) headers[key] = value;
        return HandleFound(new QueuedSagaMessage(message, headers), context);
    }

    /// <summary>Handles the next message that waits in the queue.</summary>
    /// <exception cref="InvalidOperationException">None waits, or it found no instance.</exception>
    public Task<HandleResult> HandleQueuedMessage(TestableMessageHandlerContext? context = null) => HandleFound(mail.Take(), context);

    /// <summary>Moves virtual time and handles the timeouts and delayed messages that fall due, in the order of their times.</summary>
    /// <param name="timeToAdvance">How far; not below zero.</param>
    /// <param name="provideContext">Makes the context for each. Default: a new one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was handled. Timeouts of instances that have ended are left out, as an endpoint ignores them.</returns>
    public async Task<HandleResult[]> AdvanceTime(
        TimeSpan timeToAdvance, Func<OutgoingMessage<object, SendOptions>, TestableMessageHandlerContext>? provideContext = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToAdvance, TimeSpan.Zero);
        var until = clock.Now + timeToAdvance;
        var results = new List<HandleResult>();
        while (mail.TakeDelayed(until) is { } due)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await Process(due.Mail, provideContext?.Invoke(due.Sent));
            if (result is not null) results.Add(result);
            else if (!due.Mail.IsTimeout) throw NotFound(due.Mail);
        }

        clock.Now = until;
        return [.. results];
    }

    private async Task<HandleResult> HandleFound(QueuedSagaMessage message, TestableMessageHandlerContext? context) =>
        await Process(message, context) ?? throw NotFound(message);

    private static InvalidOperationException NotFound(QueuedSagaMessage message) =>
        new($"{typeof(TSaga).FullName}: {message.Type.FullName} found no instance, and may not start one.");

    private async Task<HandleResult?> Process(QueuedSagaMessage message, TestableMessageHandlerContext? given)
    {
        var context = given ?? new TestableMessageHandlerContext();
        Prepare(context, message);
        var (sent, published) = (context.SentMessages.Length, context.PublishedMessages.Length);
        HandleResult? result = null;
        foreach (var entry in EntriesFor(message))
        {
            var saga = sagaFactory();
            context.MessageHandler = new MessageHandler(typeof(TSaga), saga, entry.IsTimeout, entry.Invoke);
            await invocation.Invoke(context, async () =>
            {
                await entry.Invoke(saga, message.Message, context);
                result = new HandleResult(saga, context, message);
            });
        }

        if (result is null) return metadata.NotFoundHandlerType is null || message.IsTimeout ? null : new HandleResult(null, context, message);
        mail.Collect(result.SagaId, context.SentMessages.Skip(sent), context.PublishedMessages.Skip(published));
        return result;
    }

    private HandlerRegistry.Entry[] EntriesFor(QueuedSagaMessage message)
    {
        var entries = handlers.For(message.Type, message.IsTimeout);
        if (entries.Length > 0) return entries;
        throw new InvalidOperationException(handlers.For(message.Type, timeouts: true).Length > 0
            ? $"{typeof(TSaga).FullName}: {message.Type.FullName} is a timeout; AdvanceTime delivers it when it is due."
            : $"{typeof(TSaga).FullName}: {message.Type.FullName} is not handled.");
    }

    private static void Prepare(TestableMessageHandlerContext context, QueuedSagaMessage message)
    {
        // A context that is used again must not lead this message to the instance of the one before.
        if (context.Extensions.TryGet<QueuedSagaMessage>(out var before))
        {
            foreach (var key in before.Headers.Keys) context.MessageHeaders.Remove(key);
        }

        context.Extensions.Set(message);
        foreach (var (key, value) in context.MessageHeaders.Concat(message.Headers).ToArray()) context.Headers[key] = value;
        context.MessageHeaders = context.Headers;
        context.MessageBeingHandled = message.Message;
        context.MessageMetadata = new MessageMetadata(message.Type, [message.Type]);
    }

    private static DateTimeOffset StartOf(DateTime? initial) => initial switch
    {
        null => DateTimeOffset.UtcNow,
        { Kind: DateTimeKind.Local } local => local.ToUniversalTime(),
        { } utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
    };

    /// <summary>What handling one message led to.</summary>
    public class HandleResult
    {
        internal HandleResult(TSaga? saga, TestableMessageHandlerContext context, QueuedSagaMessage message)
        {
            Context = context;
            HandledMessage = message;
            if (saga is null) return;
            SagaId = saga.Entity.Id;
            Completed = saga.Completed;
            SagaDataSnapshot = SagaMemory.Copy(saga.Data);
        }

        /// <summary>The instance; empty when none was found and the saga's not-found handler ran instead.</summary>
        public Guid SagaId { get; }

        /// <summary>Whether the saga ended with this message.</summary>
        public bool Completed { get; }

        /// <summary>The message.</summary>
        public QueuedSagaMessage HandledMessage { get; }

        /// <summary>The context that the handler used.</summary>
        public TestableMessageHandlerContext Context { get; }

        /// <summary>A copy of the state after the handler; null when none was found and the saga's not-found handler ran instead.</summary>
        public TSagaData SagaDataSnapshot { get; } = null!;

        /// <summary>The first event of the type that was published; null when there is none.</summary>
        public TMessage FindPublishedMessage<TMessage>() => Context.FindPublishedMessage<TMessage>();

        /// <summary>The first answer of the type; null when there is none.</summary>
        public TMessage FindReplyMessage<TMessage>() => Context.FindReplyMessage<TMessage>();

        /// <summary>The first message of the type that was sent; null when there is none.</summary>
        public TMessage FindSentMessage<TMessage>() => Context.FindSentMessage<TMessage>();

        /// <summary>The first timeout of the type that was asked for; null when there is none.</summary>
        public TMessage FindTimeoutMessage<TMessage>() => Context.FindTimeoutMessage<TMessage>();
    }
}
