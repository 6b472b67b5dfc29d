using System.Text.Json;
using Bank.ServiceBus.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.ServiceBus.Tests.Core;

public sealed class EndpointLifecycleTests
{
    [Fact]
    public async Task An_endpoint_is_created_then_subscribes_then_receives_and_closes_the_transport_last()
    {
        var endpoint = TestEndpoint.Build(
            configuration =>
            {
                configuration.EnableInstallers();
                configuration.AddHandler<Handling<IPinged>>();
                configuration.AddHandler<Handling<Pinged>>();
                configuration.AddHandler<Handling<Pong>>();
                configuration.LimitMessageProcessingConcurrencyTo(7);
                configuration.AuditProcessedMessagesTo("audit");
            },
            outbox: true);
        await endpoint.StartAsync();
        Assert.Equal(["initialize", "prepare", "subscribe", "start"], endpoint.Transport.Calls);
        Assert.Equal(["install", "start"], endpoint.Store.Steps);
        Assert.Equal([typeof(IPinged), typeof(Pinged)], endpoint.Receiver.Subscribed);
        Assert.Equal(7, endpoint.Receiver.Limits!.MaxConcurrency);
        Assert.Equal((TestEndpoint.Name, "error"), (endpoint.Receiver.ReceiveAddress, endpoint.Receiver.ErrorQueue));
        Assert.Equal(["error", "audit"], endpoint.Transport.SendingAddresses);
        Assert.True(endpoint.Transport.Host!.SetupInfrastructure);

        await endpoint.StopAsync();
        Assert.Equal(["initialize", "prepare", "subscribe", "start", "stop", "shutdown"], endpoint.Transport.Calls);
        Assert.Equal(["install", "start", "stop"], endpoint.Store.Steps);
    }

    [Fact]
    public async Task A_handled_event_that_is_left_out_is_not_subscribed_to_and_still_handled()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.AddHandler<Handling<IPinged>>();
            configuration.AddHandler<Handling<Pinged>>();
            configuration.AutoSubscribe().DisableFor<IPinged>();
        });
        Assert.Equal([typeof(Pinged)], endpoint.Receiver.Subscribed);
        await endpoint.Deliver(new Pinged("1"));
        Assert.Equal(2, endpoint.Script.Seen.Count);
    }

    [Fact]
    public async Task A_start_that_fails_halfway_leaves_nothing_running()
    {
        var endpoint = TestEndpoint.Build(configuration => configuration.CustomDiagnosticsWriter((_, _) => throw new IOException("no room")), outbox: true);
        await Assert.ThrowsAsync<IOException>(endpoint.StartAsync);
        Assert.Equal(["initialize", "prepare", "stop", "shutdown"], endpoint.Transport.Calls);
    }

    [Fact]
    public async Task Where_only_installers_are_to_run_nothing_is_received_and_the_host_stops()
    {
        await using var endpoint = TestEndpoint.Build(
            configuration => configuration.AddHandler<Handling<Pinged>>(), services: services => services.AddNServiceBusInstallers(), outbox: true);
        var stopping = new TaskCompletionSource();
        endpoint.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await endpoint.StartAsync();
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(["install"], endpoint.Store.Steps);
        Assert.True(endpoint.Transport.Host!.SetupInfrastructure);
        Assert.Empty(endpoint.Receiver.Subscribed);
        Assert.DoesNotContain("start", endpoint.Transport.Calls);
    }

    [Fact]
    public async Task After_installers_the_host_may_go_on_without_its_endpoint()
    {
        await using var endpoint = TestEndpoint.Build(
            services: services => services.AddNServiceBusInstallers(options => options.ShutdownBehavior = InstallersShutdownBehavior.Continue), outbox: true);
        await endpoint.StartAsync();
        Assert.Equal(["install"], endpoint.Store.Steps);
        Assert.False(endpoint.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send("Other", new Ping("x")));
    }

    [Fact]
    public async Task Nothing_is_installed_unless_asked_for()
    {
        await using var endpoint = await TestEndpoint.Start(outbox: true);

        Assert.DoesNotContain("install", endpoint.Store.Steps);
        Assert.False(endpoint.Transport.Host!.SetupInfrastructure);
    }

    [Fact]
    public async Task The_session_refuses_to_work_before_the_endpoint_has_started()
    {
        var endpoint = TestEndpoint.Build();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send("Other", new Ping("x")));
        Assert.Contains("not started", refusal.Message, StringComparison.Ordinal);

        await endpoint.StartAsync();
        await endpoint.Session.Send("Other", new Ping("x"));
        endpoint.Dispatcher.To("Other");
        await endpoint.DisposeAsync();
    }

    [Fact]
    public async Task A_send_only_endpoint_receives_nothing_and_cannot_subscribe()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.SendOnly());

        Assert.Null(endpoint.Transport.Receiver);
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Subscribe<IPinged>());
    }

    [Fact]
    public async Task Events_can_be_subscribed_to_and_left_while_running()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Subscribe<IPinged>();
        await endpoint.Session.Unsubscribe(typeof(IPinged), new UnsubscribeOptions());

        Assert.Equal([typeof(IPinged)], endpoint.Receiver.Subscribed);
        Assert.Contains("unsubscribe IPinged", endpoint.Transport.Calls);
    }

    [Fact]
    public async Task Each_message_has_a_scope_of_its_own_whose_services_are_disposed_afterwards()
    {
        await using var endpoint = await TestEndpoint.Start(services: services => services.AddScoped<Scoped>(), configure: configuration =>
        {
            configuration.AddHandler<UsingScoped>();
            configuration.AddHandler<AlsoUsingScoped>();
        });
        await endpoint.Deliver(new Pong("1"));
        await endpoint.Deliver(new Pong("2"));

        var used = endpoint.Script.Seen.Cast<Scoped>().ToArray();
        Assert.Equal(4, used.Length);
        Assert.Same(used[0], used[1]);
        Assert.Same(used[2], used[3]);
        Assert.NotSame(used[0], used[2]);
        Assert.All(used, scoped => Assert.True(scoped.Disposed));
    }

    [Fact]
    public async Task A_disposable_handler_is_disposed_after_its_message_even_when_it_failed()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.AddHandler<DisposableHandler>();
            configuration.Recoverability().AddUnrecoverableException<TimeoutException>();
        });
        await endpoint.Deliver(new Pong("fine"));
        await endpoint.Deliver(new Pong("fail"));

        Assert.Equal(["fine", "disposed", "fail", "disposed"], endpoint.Script.Steps);
    }

    [Fact]
    public async Task Outside_of_message_handling_there_is_no_storage_session()
    {
        await using var endpoint = await TestEndpoint.Start(outbox: true);
        using var scope = endpoint.Services.CreateScope();

        Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<StorageSessionAccessor>().Current);
    }

    [Fact]
    public async Task A_critical_error_reaches_the_action_of_the_endpoint_which_may_stop_it()
    {
        var told = new TaskCompletionSource<ICriticalErrorContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.DefineCriticalErrorAction((context, _) =>
        {
            told.SetResult(context);
            return Task.CompletedTask;
        }));
        endpoint.Transport.Host!.CriticalError("broker gone", new IOException("no route"), CancellationToken.None);

        var critical = await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(("broker gone", "no route"), (critical.Error, critical.Exception.Message));
        await critical.Stop(CancellationToken.None);
        Assert.Contains("stop", endpoint.Transport.Calls);
    }

    [Fact]
    public async Task A_started_endpoint_describes_itself()
    {
        string? text = null;
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.CustomDiagnosticsWriter((json, _) =>
        {
            text = json;
            return Task.CompletedTask;
        }));

        using var description = JsonDocument.Parse(text!);
        Assert.Equal(TestEndpoint.Name, description.RootElement.GetProperty("Endpoint").GetString());
        Assert.Equal("instance-a", description.RootElement.GetProperty("Host").GetProperty("DisplayName").GetString());
    }

    private sealed class Scoped : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    private sealed class UsingScoped(Script script, Scoped scoped) : IHandleMessages<Pong>
    {
        public Task Handle(Pong message, IMessageHandlerContext context)
        {
            Assert.False(scoped.Disposed);
            script.Seen.Enqueue(scoped);
            return Task.CompletedTask;
        }
    }

    private sealed class AlsoUsingScoped(Script script, Scoped scoped) : IHandleMessages<Pong>
    {
        public Task Handle(Pong message, IMessageHandlerContext context)
        {
            script.Seen.Enqueue(scoped);
            return Task.CompletedTask;
        }
    }

    private sealed class DisposableHandler(Script script) : IHandleMessages<Pong>, IAsyncDisposable
    {
        public Task Handle(Pong message, IMessageHandlerContext context)
        {
            script.Steps.Enqueue(message.Text);
            return message.Text == "fail" ? throw new TimeoutException() : Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            script.Steps.Enqueue("disposed");
            return ValueTask.CompletedTask;
        }
    }
}
