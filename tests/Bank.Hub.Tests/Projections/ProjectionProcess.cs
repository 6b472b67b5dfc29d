using System.Diagnostics.Metrics;
using Bank.Hub.Projections;
using Bank.Hub.Tests.Replays;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace Bank.Hub.Tests.Projections;

/// <summary>An endpoint with projections, as one process of it; the bus is a list of what was sent.</summary>
internal sealed class ProjectionProcess : IAsyncDisposable
{
    /// <summary>How long a request for a replay is left without an answer before it is repeated.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(2);

    private readonly ServiceProvider services;
    private readonly TestableMessageSession session = new();
    private readonly HashSet<Guid> answered = [];

    private ProjectionProcess(ProjectionDatabase database, ProjectionCatalog catalog, TimeProvider clock) => services = new ServiceCollection()
        .AddLogging()
        .AddSingleton(clock)
        .AddSingleton<ApplicationLifetime>()
        .AddSingleton<IHostApplicationLifetime>(provider => provider.GetRequiredService<ApplicationLifetime>())
        .AddSingleton<IMessageSession>(session)
        .AddProjections<OrderItself>(database, catalog, new ProjectionOptions { PollInterval = TimeSpan.FromMilliseconds(20), AskAgainAfter = FirstPause, CountGapsEvery = TimeSpan.FromMilliseconds(20) })
        .BuildServiceProvider();

    public Rebuilds Rebuilds => services.GetRequiredService<Rebuilds>();

    /// <summary>Done when the process was told to end.</summary>
    public Task Stopping
    {
        get
        {
            var stopping = new TaskCompletionSource();
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
            return stopping.Task;
        }
    }

    public IMeterFactory Meters => services.GetRequiredService<IMeterFactory>();

    private IEnumerable<IHostedService> Work => services.GetServices<IHostedService>();

    public static async Task<ProjectionProcess> Start(ProjectionDatabase database, ProjectionCatalog catalog, TimeProvider? clock = null)
    {
        var process = new ProjectionProcess(database, catalog, clock ?? TimeProvider.System);
        try
        {
            await process.services.PrepareProjections();
            process.services.GetRequiredService<ApplicationLifetime>().NotifyStarted();
            foreach (var work in process.Work) await work.StartAsync(CancellationToken.None);
            return process;
        }
        catch
        {
            await process.services.DisposeAsync();
            throw;
        }
    }

    public Task Handle(Counted counted) => services.GetRequiredService<Projector>().Project(counted, new TestableMessageHandlerContext());

    /// <summary>As it was published from a position in the store of its endpoint.</summary>
    public Task HandleFrom(long position, Counted counted)
    {
        var context = new TestableMessageHandlerContext();
        context.MessageHeaders[HubHeaders.Position] = $"{position}";
        return services.GetRequiredService<Projector>().Project(counted, context);
    }

    public Task Bring(Guid replayId, long after, IReadOnlyList<Counted> events) =>
        services.GetRequiredService<Projector>().ProjectStretch(replayId, after, after + events.Count, events, CancellationToken.None);

    public async Task<ProjectionStatus> Status(string projection = CounterProjection.ProjectionName) => (await services.GetRequiredService<ProjectionMonitor>().Read()).Single(status => status.Name == projection);

    /// <summary>The first column of what a query finds.</summary>
    public async Task<List<long>> Query(string sql)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProjectionQueries>().All(sql, row => row.GetInt64(0), CancellationToken.None);
    }

    /// <summary>Whether a counter is known, up to which version it is, and which tables hold all of the past.</summary>
    public async Task<(bool, long?, string?)> Knows(string counter)
    {
        await using var scope = services.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ProjectionQueries>();
        return (
            await queries.IsKnown(CounterProjection.ProjectionName, counter, CancellationToken.None), await queries.CompleteUpTo(CounterProjection.ProjectionName, counter, CancellationToken.None),
            await queries.Filled(CounterProjection.ProjectionName, CancellationToken.None));
    }

    /// <summary>Waits for a request for a replay that was not returned before.</summary>
    public async Task<Guid> Asked()
    {
        ReplayOrder? order = null;
        await ReplayHub.Until(() => Task.FromResult((order = session.SentMessages.Select(sent => sent.Message).OfType<ReplayOrder>().FirstOrDefault(one => !answered.Contains(one.ReplayId))) is not null), "a request for a replay");
        answered.Add(order!.ReplayId);
        return order.ReplayId;
    }

    /// <summary>How often a replay was asked for.</summary>
    /// <param name="replayId">Which; null for any.</param>
    public int TimesAsked(Guid? replayId = null) => session.SentMessages.Count(sent => sent.Message is ReplayOrder order && (replayId ?? order.ReplayId) == order.ReplayId);

    /// <summary>Answers a request with the whole history, many events to a message.</summary>
    public async Task Replay(Guid replayId, IReadOnlyList<Counted> history)
    {
        await Rebuilds.Bounded(replayId, history.Count - 1);
        for (var from = 0; from < history.Count; from += 3) await Bring(replayId, from - 1, [.. history.Skip(from).Take(3)]);
    }

    public Task UntilFollowing(int generation) => ReplayHub.Until(async () => await Status() is { State: "Following" } status && status.Generation == generation, $"generation {generation} answers");

    public async ValueTask DisposeAsync()
    {
        foreach (var work in Work) await work.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }

    private sealed class OrderItself : IReplayAsker
    {
        public object Ask(ReplayOrder order) => order;
    }
}
