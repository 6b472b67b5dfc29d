using System.Diagnostics;
using Bank.ServiceBus;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Hub.Tests;

public sealed class PublisherTests : IAsyncLifetime
{
    private readonly List<IHost> _hosts = [];
    private readonly InMemoryStreamStore _store = new();
    private readonly RecordingSession _session = new();
    private readonly TestMapper _mapper = new();
    private readonly InMemoryHubStorage _storage = new(TimeProvider.System);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        _store.Dispose();
    }

    [Fact]
    public async Task Every_stored_event_is_published_once_in_order_under_its_own_id()
    {
        await Append(1, 250);
        await StartHost();
        await Until(() => _session.All.Count >= 250, "250 events");
        await Append(251, 60);
        await Until(() => _storage.Position == 309, "the checkpoint at the end");
        Assert.Equal(Enumerable.Range(1, 310), _session.Numbers);
        Assert.Equal(Enumerable.Range(1, 310).Select(number => Id(number).ToString()), _session.All.Select(published => published.MessageId));
    }

    [Fact]
    public async Task An_event_in_two_shapes_is_published_in_both_each_under_an_id_that_stays()
    {
        await Append(1, 2, "happened in two shapes");
        await Append(3, 1);
        await StartHost();
        await Until(() => _session.All.Count == 5, "every shape");
        Assert.Equal([1, 1, 2, 2, 3], _session.Numbers);
        Assert.Equal([Id(1).ToString(), Id(2).ToString(), Id(3).ToString()], _session.All.Where((_, index) => index is 0 or 2 or 4).Select(published => published.MessageId));
        Assert.Equal(["0", "0", "1", "1", "2"], _session.All.Select(published => published.Headers["Bank.Position"]));
        // Written down: another id would be another message to whoever had it before.
        Assert.Equal(["d654635c-46e4-5524-be2a-8e5b5630df06", "0e11b73d-ae5e-55bc-84b9-94d4ff8adeaf"], _session.All.Where((_, index) => index is 1 or 3).Select(published => published.MessageId));
    }

    [Fact]
    public async Task An_event_says_where_it_is_stored()
    {
        await Append(1, 1, "internal");
        await Append(2, 2);
        await StartHost();
        await Until(() => _session.All.Count == 2, "both events");
        Assert.Equal(["1", "2"], _session.All.Select(published => published.Headers["Bank.Position"]));
    }

    [Fact]
    public async Task An_append_wakes_the_publisher_at_once()
    {
        var host = await StartHost(new HubOptions { LeaseDuration = TimeSpan.FromMinutes(10) });
        await Append(1, 1);
        await Until(() => _session.All.Count == 1, "the first event");
        await Until(() => State(host).Position == 0, "the checkpoint");
        await Append(2, 1);
        await Until(() => _session.All.Count == 2, "the second event, long before the lease has to be renewed");
    }

    [Fact]
    public async Task What_nobody_outside_needs_to_know_is_passed_over()
    {
        await Append(1, 1, "internal");
        await Append(2, 1);
        await Append(3, 1, "internal");
        var host = await StartHost();
        await Until(() => _storage.Position == 2, "the checkpoint behind the last event");
        await Until(() => State(host).Lag == 0 && State(host).Head == 2, "the state");
        Assert.Equal([2], _session.Numbers);
    }

    [Fact]
    public async Task The_stored_metadata_become_headers_and_the_trace_goes_on()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Bank.Hub",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var metadata = new EventMetadata { ConversationId = "talk", CausationId = "cause", Traceparent = Trace }.ToJson();
        await _store.AppendToStream("account-1", ExpectedVersion.Any, new NewStreamMessage(Id(1), "happened", """{"Number":1}""", metadata));
        await StartHost();
        await Until(() => !_session.All.IsEmpty, "the event");
        var published = _session.All.Single();
        Assert.Equal("talk", published.Headers[Headers.ConversationId]);
        Assert.Equal("cause", published.Headers[Headers.RelatedTo]);
        Assert.Equal(Trace, published.ParentId);
    }

    [Fact]
    public async Task After_a_crash_between_publishing_and_checkpoint_the_same_events_go_out_under_the_same_ids()
    {
        await Append(1, 3);
        await StartHost(storage: new CrashingStorage(_storage));
        await Until(() => _storage.Position == 2, "the checkpoint at last");
        Assert.Equal([1, 2, 3, 1, 2, 3], _session.Numbers);
        Assert.Equal(3, _session.All.Select(published => published.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task While_the_broker_refuses_nothing_is_lost_and_the_error_shows()
    {
        _session.Refuse(2);
        await Append(1, 1);
        var host = await StartHost();
        await Until(() => State(host).Error is not null, "the error");
        Assert.Contains("The broker is away", State(host).Error);
        await Until(() => _storage.Position == 0, "the checkpoint");
        await Until(() => State(host).Error is null, "no error any more");
        Assert.Equal([1], _session.Numbers);
    }

    [Fact]
    public async Task An_event_that_cannot_be_mapped_stops_publishing_by_name_and_is_never_skipped()
    {
        await Append(1, 2);
        await Append(3, 1, "new");
        await Append(4, 1);
        var host = await StartHost();
        await Until(() => State(host).Error is not null, "the error");
        Assert.Contains("new, stream account-3, version 0, position 2", State(host).Error);
        // Long enough for another try.
        await Task.Delay(700);
        Assert.Equal([1, 2], _session.Numbers);
        Assert.Equal((1, 2), (State(host).Position, State(host).Lag));
        Assert.NotNull(State(host).Error);

        _mapper.KnowsNew = true;
        await Until(() => _storage.Position == 3, "the checkpoint at the end");
        Assert.Equal([1, 2, 3, 4], _session.Numbers);
        await Until(() => State(host).Error is null, "no error any more");
    }

    [Fact]
    public async Task Of_two_instances_one_publishes_and_the_other_takes_over_when_it_stops()
    {
        var options = new HubOptions { LeaseDuration = TimeSpan.FromSeconds(1) };
        var hosts = new[] { await StartHost(options), await StartHost(options) };
        await Append(1, 20);
        await Until(() => _storage.Position == 19, "the checkpoint");
        var publisher = Assert.Single(hosts, host => State(host).IsPublisher);

        await publisher.StopAsync();
        await Append(21, 20);
        await Until(() => _storage.Position == 39, "the checkpoint of the other");
        Assert.Equal(Enumerable.Range(1, 40), _session.Numbers);
    }

    [Fact]
    public async Task An_instance_that_died_is_replaced_when_its_lease_has_ended()
    {
        var options = new HubOptions { LeaseDuration = TimeSpan.FromMilliseconds(600) };
        await Append(1, 2);
        await _storage.TryAcquire(options.Name, "the dead one", options.LeaseDuration);
        var host = await StartHost(options);
        Assert.False(State(host).IsPublisher);
        await Until(() => _storage.Position == 1, "the checkpoint");
        Assert.Equal([1, 2], _session.Numbers);
    }

    [Fact]
    public async Task An_instance_that_failed_and_was_replaced_no_longer_shows_its_error()
    {
        var options = new HubOptions { LeaseDuration = TimeSpan.FromSeconds(30) };
        _session.Refuse(1);
        await Append(1, 1);
        var host = await StartHost(options);
        await Until(() => State(host).Error is not null, "the error");
        while (await _storage.TryAcquire(options.Name, "another instance", options.LeaseDuration) is null) await Task.Delay(5);
        await Until(() => State(host) is { Error: null, IsPublisher: false }, "standing by");
        Assert.Empty(_session.All);
    }

    [Fact]
    public async Task Nothing_is_published_before_the_endpoint_has_started()
    {
        var starting = new TaskCompletionSource();
        await Append(1, 1);
        var host = BuildHost(new HubOptions(), _storage, services => services.AddSingleton<IHostedService>(new SlowStart(starting.Task)));
        var started = host.StartAsync();
        await Task.Delay(300);
        Assert.Empty(_session.All);
        starting.SetResult();
        await started;
        await Until(() => _session.All.Count == 1, "the event");
    }

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static HubState.Snapshot State(IHost host) => host.Services.GetRequiredService<HubState>().Current;

    private static Task Until(Func<bool> condition, string what) => Wait.Until(() => Task.FromResult(condition()), what);

    private async Task Append(int first, int count, string type = "happened")
    {
        for (var number = first; number < first + count; number++)
        {
            await _store.AppendToStream($"account-{number}", ExpectedVersion.NoStream, new NewStreamMessage(Id(number), type, $$"""{"Number":{{number}}}"""));
        }
    }

    private async Task<IHost> StartHost(HubOptions? options = null, IHubStorage? storage = null)
    {
        var host = BuildHost(options ?? new HubOptions(), storage ?? _storage, _ => { });
        await host.StartAsync();
        return host;
    }

    private IHost BuildHost(HubOptions options, IHubStorage storage, Action<IServiceCollection> more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<IStreamStore>(_store);
        builder.Services.AddSingleton(storage);
        builder.Services.AddSingleton<IMessageSession>(_session);
        builder.Services.AddHub<TestMapper>(options);
        builder.Services.AddSingleton<IContractMapper>(_mapper);
        more(builder.Services);
        var host = builder.Build();
        _hosts.Add(host);
        return host;
    }

    private sealed class SlowStart(Task started) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => started;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
