using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>A running endpoint over a fake transport, at a fixed time.</summary>
public sealed class TestEndpoint : IAsyncDisposable
{
    public const string Name = "Test.Endpoint";
    public const string Now = "2026-08-05 13:14:43:123456 Z";

    private readonly IHost host;

    private TestEndpoint(IHost host, FakeTransport transport, InMemoryStore store, Script script, FakeTimeProvider clock)
    {
        this.host = host;
        (Transport, Store, Script, Clock) = (transport, store, script, clock);
    }

    public FakeTransport Transport { get; }

    public FakeReceiver Receiver => Transport.Receiver!;

    public FakeDispatcher Dispatcher => Transport.Dispatcher;

    public InMemoryStore Store { get; }

    public Script Script { get; }

    public FakeTimeProvider Clock { get; }

    public IServiceProvider Services => host.Services;

    public IMessageSession Session => host.Services.GetRequiredService<IMessageSession>();

    /// <summary>Starts an endpoint that handles <see cref="Ping"/> by its script, unless configured otherwise.</summary>
    public static async Task<TestEndpoint> Start(
        Action<EndpointConfiguration>? configure = null, Action<RoutingSettings>? route = null, Action<IServiceCollection>? services = null, bool outbox = false, bool delays = true,
        TimeSpan? longestDelay = null)
    {
        var endpoint = Build(configure, route, services, outbox, delays, longestDelay);
        await endpoint.host.StartAsync();
        return endpoint;
    }

    public static TestEndpoint Build(
        Action<EndpointConfiguration>? configure = null, Action<RoutingSettings>? route = null, Action<IServiceCollection>? services = null, bool outbox = false, bool delays = true,
        TimeSpan? longestDelay = null)
    {
        var (transport, store, script) = (new FakeTransport(delays) { Longest = longestDelay }, new InMemoryStore(), new Script());
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 8, 5, 13, 14, 43, TimeSpan.Zero).AddTicks(1234560));
        var configuration = new EndpointConfiguration(Name);
        configuration.Settings.Set(store);
        configuration.AssemblyScanner().Disable = true;
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.UniquelyIdentifyRunningInstance().UsingCustomIdentifier(new Guid("0a1b2c3d-0000-4000-8000-000000000001")).UsingCustomDisplayName("instance-a");
        configuration.AddHandler<Handling<Ping>>();
        var routing = configuration.UseTransport(transport);
        if (outbox)
        {
            configuration.UsePersistence<FakePersistence>();
            configuration.EnableOutbox();
        }

        configure?.Invoke(configuration);
        route?.Invoke(routing);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(script);
        builder.Services.AddSingleton<TimeProvider>(clock);
        services?.Invoke(builder.Services);
        builder.Services.AddNServiceBusEndpoint(configuration);
        return new TestEndpoint(builder.Build(), transport, store, script, clock);
    }

    public Task StartAsync() => host.StartAsync();

    public Task StopAsync() => host.StopAsync();

    /// <summary>Delivers a message with the least of headers, until it is taken care of.</summary>
    /// <returns>How often it was tried.</returns>
    public Task<int> Deliver(object message, params (string Name, string Value)[] headers) =>
        Receiver.Deliver(HeadersOf(message, headers), JsonSerializer.Serialize(message, message.GetType()));

    public Task<bool> DeliverOnce(object message, int attempt = 1, params (string Name, string Value)[] headers) =>
        Receiver.DeliverOnce(HeadersOf(message, headers), JsonSerializer.Serialize(message, message.GetType()), attempt: attempt);

    public static Dictionary<string, string> HeadersOf(object message, params (string Name, string Value)[] more)
    {
        var headers = new Dictionary<string, string>
        {
            [Headers.MessageId] = "message-1",
            [Headers.EnclosedMessageTypes] = message.GetType().AssemblyQualifiedName!,
            [Headers.ContentType] = "application/json",
        };
        foreach (var (name, value) in more) headers[name] = value;
        return headers;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
