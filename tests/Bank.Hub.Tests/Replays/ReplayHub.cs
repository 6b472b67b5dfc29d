using System.Collections.Concurrent;
using Bank.Hub.Replays;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Hub.Tests.Replays;

/// <summary>A store with a hub in memory, and what it sends to whom.</summary>
internal sealed class ReplayHub : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];

    public InMemoryStreamStore Store { get; } = new();

    public InMemoryHubStorage Leases { get; } = new(TimeProvider.System);

    public TestMapper Mapper { get; } = new();

    public ReplaySession Session { get; } = new();

    public IReplayStorage Storage { get; init; } = new InMemoryReplayStorage();

    public ReplayOptions Options { get; init; } = new() { PageSize = 10, PollInterval = TimeSpan.FromMilliseconds(50), LeaseDuration = TimeSpan.FromSeconds(1) };

    public async Task<IHost> Start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<IStreamStore>(Store);
        builder.Services.AddSingleton<IHubStorage>(Leases);
        builder.Services.AddSingleton(Storage);
        builder.Services.AddSingleton<IMessageSession>(Session);
        builder.Services.AddHub<TestMapper>();
        builder.Services.AddSingleton<IContractMapper>(Mapper);
        builder.Services.AddReplays<PlainAnnouncer>(Options);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    public async Task Append(int first, int count, string type = "happened", string prefix = "account-")
    {
        for (var number = first; number < first + count; number++)
        {
            await Store.AppendToStream(
                $"{prefix}{number}", ExpectedVersion.NoStream, new NewStreamMessage(Id(number), type, $$"""{"Number":{{number}}}""", new EventMetadata { ConversationId = "talk" }.ToJson()));
        }
    }

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static async Task<TestableMessageHandlerContext> Ask(IHost host, ReplayRequest request)
    {
        var context = new TestableMessageHandlerContext { ReplyToAddress = request.ReplyToAddress! };
        await host.Services.GetRequiredService<ReplayDesk>().Take(request with { ReplyToAddress = null }, context);
        return context;
    }

    public static ReplayRequest All(string asker) => new() { ReplayId = Guid.NewGuid(), ReplyToAddress = asker, FromPosition = 0, Context = "{}" };

    public static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    public static Task Until(Func<Task<bool>> condition, string what) => Wait.Until(condition, what);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        Store.Dispose();
    }

    private sealed class PlainAnnouncer : IReplayAnnouncer
    {
        public object Announce(ReplayNews news) => news;
    }
}

/// <summary>Remembers what was sent to each queue.</summary>
internal sealed class ReplaySession : TestableMessageSession
{
    private readonly ConcurrentQueue<Mail> _sent = [];
    private int _published;

    public int Published => Volatile.Read(ref _published);

    /// <summary>What the transport does not take.</summary>
    public Func<object, bool> Refuses { get; set; } = _ => false;

    public IEnumerable<Mail> To(string queue) => _sent.Where(mail => mail.Queue == queue);

    public int[] Numbers(string queue) => [.. To(queue).Select(mail => mail.Message).OfType<IHappening>().Select(happened => happened.Number)];

    public ReplayPacked[] Packs(string queue) => [.. To(queue).Select(mail => mail.Message).OfType<ReplayPacked>()];

    public bool IsCompleted(string queue) => To(queue).Any(mail => mail.Message is ReplayEnded);

    public override async Task Send(object message, SendOptions sendOptions, CancellationToken cancellationToken = default)
    {
        if (Refuses(message)) throw new IOException("The broker said no.");
        _sent.Enqueue(new Mail(sendOptions.GetDestination()!, message, sendOptions.GetMessageId()!, sendOptions.GetHeaders()));
        await Task.Yield();
    }

    public override Task Publish(object message, PublishOptions publishOptions, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _published);
        return Task.CompletedTask;
    }

    internal sealed record Mail(string Queue, object Message, string Id, IReadOnlyDictionary<string, string> Headers);
}
