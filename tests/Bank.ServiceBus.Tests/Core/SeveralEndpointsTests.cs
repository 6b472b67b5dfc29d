using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>Several endpoints in one host: each with its own queue, handlers and session.</summary>
public sealed class SeveralEndpointsTests
{
    private readonly Dictionary<string, FakeTransport> transports = new() { ["one"] = new(), ["two"] = new() };

    [Fact]
    public async Task Each_has_its_own_session_queue_and_handlers()
    {
        using var host = Build(services =>
        {
            Add(services, "one", configuration => configuration.AddHandler<First>());
            Add(services, "two", configuration => configuration.AddHandler<Second>());
        });
        await host.StartAsync();
        await host.Services.GetRequiredKeyedService<IMessageSession>("one").SendLocal(new Ping("a"));
        await host.Services.GetRequiredKeyedService<IMessageSession>("two").SendLocal(new Ping("b"));
        Assert.Equal("Endpoint.one", transports["one"].Dispatcher.To("Endpoint.one").Message.Headers[Headers.OriginatingEndpoint]);
        Assert.Equal("Endpoint.two", transports["two"].Dispatcher.To("Endpoint.two").Message.Headers[Headers.OriginatingEndpoint]);

        foreach (var name in transports.Keys)
            await transports[name].Receiver!.Deliver(TestEndpoint.HeadersOf(new Ping(name)), JsonSerializer.Serialize(new Ping(name)));
        Assert.Equal(["First one", "Second two"], host.Services.GetRequiredService<Notes>().Lines);
        await host.StopAsync();
        Assert.All(transports.Values, transport => Assert.Equal("shutdown", transport.Calls.Last()));
    }

    [Fact]
    public async Task A_session_is_refused_until_its_own_endpoint_has_started_and_none_is_there_without_the_key()
    {
        using var host = Build(services =>
        {
            Add(services, "one");
            Add(services, "two");
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<IMessageSession>("two").SendLocal(new Ping("x")));
        Assert.Null(host.Services.GetService<IMessageSession>());
    }

    [Theory]
    [InlineData(null, "two", "endpointIdentifier")]
    [InlineData("one", null, "endpointIdentifier")]
    [InlineData("one", "one", "both have the endpointIdentifier 'one'")]
    public void Endpoints_that_cannot_be_told_apart_are_refused(string? first, string? second, string reason)
    {
        var services = new ServiceCollection();
        services.AddNServiceBusEndpoint(Configuration("one"), first);
        var refusal = Assert.Throws<InvalidOperationException>(() => services.AddNServiceBusEndpoint(Configuration("two"), second));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoints_that_share_a_transport_or_find_each_others_handlers_are_refused()
    {
        var (services, transport) = (new ServiceCollection(), new FakeTransport());
        var first = Configuration("one");
        first.UseTransport(transport);
        services.AddNServiceBusEndpoint(first, "one");
        var second = Configuration("two");
        second.UseTransport(transport);
        Assert.Contains("one transport instance", Refusal(second), StringComparison.Ordinal);
        var scanning = Configuration("two");
        scanning.AssemblyScanner().Disable = false;
        Assert.Contains("AssemblyScanner", Refusal(scanning), StringComparison.Ordinal);

        string Refusal(EndpointConfiguration configuration) =>
            Assert.Throws<InvalidOperationException>(() => services.AddNServiceBusEndpoint(configuration, "two")).Message;
    }

    private static IHost Build(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Notes>();
        add(builder.Services);
        return builder.Build();
    }

    private void Add(IServiceCollection services, string name, Action<EndpointConfiguration>? configure = null)
    {
        var configuration = Configuration(name);
        configure?.Invoke(configuration);
        services.AddNServiceBusEndpoint(configuration, name);
    }

    private EndpointConfiguration Configuration(string name)
    {
        var configuration = new EndpointConfiguration("Endpoint." + name);
        configuration.UseTransport(transports[name]);
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.AssemblyScanner().Disable = true;
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        return configuration;
    }

    private sealed class Notes
    {
        public List<string> Lines { get; } = [];
    }

    private sealed class First(Notes notes) : IHandleMessages<Ping>
    {
        public Task Handle(Ping message, IMessageHandlerContext context)
        {
            notes.Lines.Add("First " + message.Text);
            return Task.CompletedTask;
        }
    }

    private sealed class Second(Notes notes) : IHandleMessages<Ping>
    {
        public Task Handle(Ping message, IMessageHandlerContext context)
        {
            notes.Lines.Add("Second " + message.Text);
            return Task.CompletedTask;
        }
    }
}
