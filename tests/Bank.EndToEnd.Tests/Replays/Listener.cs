using System.Collections.Concurrent;
using System.Globalization;
using Bank.CommandLine.Running;
using Bank.Contracts;
using Bank.Contracts.Replays;
using Bank.ServiceBus;
using Bank.Transfers.Transfers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.EndToEnd.Tests.Replays;

/// <summary>An endpoint of somebody else that joins the bank: it subscribes to all account and transfer events and may ask for those of the past.</summary>
internal sealed class Listener : IAsyncDisposable
{
    // How long a handler may go on when the listener leaves.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int AtOnceInPlaceOfAnother = 100;

    private readonly IHost host;
    private readonly Inbox inbox;

    private Listener(IHost host, Inbox inbox)
    {
        this.host = host;
        this.inbox = inbox;
    }

    /// <summary>The ids of all events that came, by whichever way.</summary>
    public IReadOnlySet<Guid> EventIds => inbox.Received.Select(received => received.Message).OfType<IAccountEvent>().Select(message => message.EventId).ToHashSet();

    public IEnumerable<ITransferEvent> Transfers => inbox.Received.Select(received => received.Message).OfType<ITransferEvent>();

    public IEnumerable<IInsightEvent> Insights => inbox.Received.Select(received => received.Message).OfType<IInsightEvent>();

    /// <summary>Everything that came.</summary>
    public IEnumerable<object> Messages => inbox.Received.Select(received => received.Message);

    public bool HasReplayedEvents => inbox.Received.Any(received => received.Headers.ContainsKey("Bank.Replay.Id"));

    public static Task<Listener> Join(BankPlan plan) => Join<InboxHandler>(plan);

    /// <summary>Joins with a subscription to what the handler handles; it notes all of it in the inbox.</summary>
    /// <param name="plan">The bank.</param>
    /// <param name="name">The endpoint whose part it plays; null for one of its own.</param>
    public static async Task<Listener> Join<THandler>(BankPlan plan, string? name = null) where THandler : class
    {
        var inbox = new Inbox();
        var configuration = new EndpointConfiguration(name ?? "Listener." + Guid.NewGuid().ToString("N")[..8]);
        if (plan.RabbitMqConnection is { } broker) configuration.UseTransport(RabbitMq(broker));
        else configuration.UseTransport(new LearningTransport { StorageDirectory = Path.Combine(plan.DataDirectory, "transport") });
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.Conventions()
            .DefiningCommandsAs(type => typeof(IBankCommand).IsAssignableFrom(type) && !type.IsInterface)
            .DefiningEventsAs(type => typeof(IBankEvent).IsAssignableFrom(type) || typeof(ISuccessorEvent).IsAssignableFrom(type));
        configuration.EnableInstallers();
        configuration.AssemblyScanner().Disable = true;
        configuration.AddHandler<THandler>();
        // Whoever holds what came must not keep the rest from coming.
        if (name is not null) configuration.LimitMessageProcessingConcurrencyTo(AtOnceInPlaceOfAnother);
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton(inbox);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Patience);
        builder.Services.AddNServiceBusEndpoint(configuration);
        var host = builder.Build();
        await host.StartAsync();
        return new Listener(host, inbox);
    }

    /// <summary>Asks for all that is stored, or for what is changed in that.</summary>
    public async Task<RequestReplay> Ask(Func<RequestReplay, RequestReplay>? change = null, string of = "Bank.Accounts")
    {
        var request = new RequestReplay
        {
            RequestId = Guid.NewGuid(),
            Origin = new Origin { RequestedBy = "listener", Channel = "test", RequestedAt = DateTimeOffset.UtcNow },
            ReplayId = Guid.NewGuid(),
            FromPosition = 0,
        };
        request = change is null ? request : change(request);
        await Send(request, of);
        return request;
    }

    public Task Send(IBankCommand request, string of = "Bank.Accounts") => host.Services.GetRequiredService<IMessageSession>().Send(of, request);

    public Task Publish(IBankEvent message) => host.Services.GetRequiredService<IMessageSession>().Publish(message);

    /// <summary>The messages of a replay that hold many events, those that came twice among them.</summary>
    public IReadOnlyList<ReplayedEvents> StretchesOf(RequestReplay request) =>
        [.. inbox.Received.Select(received => received.Message).OfType<ReplayedEvents>().Where(stretch => stretch.ReplayId == request.ReplayId)];

    /// <summary>Whether the stretches that came cover all that the replay was to send.</summary>
    public bool HasAllStretches(RequestReplay request)
    {
        if (News<ReplayCompleted>(request) is not { } completed) return false;
        var covered = request.FromPosition - 1;
        foreach (var stretch in StretchesOf(request).OrderBy(stretch => stretch.AfterPosition))
        {
            if (stretch.AfterPosition > covered) return false;
            covered = Math.Max(covered, stretch.UpToPosition);
        }

        return covered >= completed.UpToPosition;
    }

    /// <summary>The events of a replay, by their position; one that came twice counts once.</summary>
    public IReadOnlyDictionary<long, IAccountEvent> EventsOf(RequestReplay request) =>
        inbox.Received.Where(received => received.Message is IAccountEvent && received.Headers.GetValueOrDefault("Bank.Replay.Id") == request.ReplayId.ToString())
            .GroupBy(received => long.Parse(received.Headers["Bank.Replay.Position"], CultureInfo.InvariantCulture))
            .ToDictionary(group => group.Key, group => (IAccountEvent)group.First().Message);

    /// <summary>The headers of an event, each time that it came.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> HeadersOf(Guid eventId) =>
        [.. inbox.Received.Where(received => received.Message is IBankEvent message && message.EventId == eventId).Select(received => received.Headers)];

    public T? News<T>(RequestReplay request) where T : class, IReplayEvent =>
        inbox.Received.Select(received => received.Message).OfType<T>().FirstOrDefault(news => news.ReplayId == request.ReplayId);

    /// <summary>Whether it has all that the replay sent.</summary>
    public bool Has(RequestReplay request) => News<ReplayCompleted>(request) is { } completed && EventsOf(request).Count == completed.EventCount;

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    private static RabbitMQTransport RabbitMq(string broker) => new(RoutingTopology.Conventional(QueueType.Quorum), broker)
    {
        DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled,
        ValidateDeliveryLimits = false,
    };

    internal sealed class Inbox
    {
        public ConcurrentQueue<(object Message, IReadOnlyDictionary<string, string> Headers)> Received { get; } = [];

        public Task Note(object message, IMessageHandlerContext context)
        {
            Received.Enqueue((message, new Dictionary<string, string>(context.MessageHeaders)));
            return Task.CompletedTask;
        }
    }

    /// <summary>Is never done with anything, so that it stays in the queue.</summary>
    internal sealed class HoldingHandler(Inbox inbox) : IHandleMessages<ITransferEvent>, IHandleMessages<TransferTimedOut>
    {
        public Task Handle(ITransferEvent message, IMessageHandlerContext context) => Hold(message, context);

        // Of a transfer of a minute before.
        public Task Handle(TransferTimedOut message, IMessageHandlerContext context) => Hold(message, context);

        private async Task Hold(object message, IMessageHandlerContext context)
        {
            await inbox.Note(message, context);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
    }

    internal sealed class InboxHandler(Inbox inbox) : IHandleMessages<IAccountEvent>, IHandleMessages<ITransferEvent>, IHandleMessages<IReplayEvent>, IHandleMessages<IInsightEvent>
    {
        public Task Handle(IAccountEvent message, IMessageHandlerContext context) => inbox.Note(message, context);

        public Task Handle(ITransferEvent message, IMessageHandlerContext context) => inbox.Note(message, context);

        public Task Handle(IReplayEvent message, IMessageHandlerContext context) => inbox.Note(message, context);

        public Task Handle(IInsightEvent message, IMessageHandlerContext context) => inbox.Note(message, context);
    }
}
