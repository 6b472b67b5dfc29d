using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>Log lines tell which message they belong to.</summary>
public sealed class LogScopeTests : IDisposable
{
    private readonly Recorder recorder = new();

    [Fact]
    public async Task What_a_handler_logs_tells_endpoint_message_conversation_and_handler()
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = (_, _) =>
        {
            Logger(endpoint).LogInformation("in the handler");
            return Task.CompletedTask;
        };
        await endpoint.Deliver(new Ping("x"), (Headers.ConversationId, "conversation-1"), (Headers.CorrelationId, "correlation-1"));

        Assert.Equal(
            [
                ("Endpoint", TestEndpoint.Name), ("MessageId", "message-1"), ("ConversationId", "conversation-1"), ("CorrelationId", "correlation-1"),
                ("MessageType", typeof(Ping).FullName!), ("Handler", typeof(Handling<Ping>).FullName!),
            ],
            recorder.ScopeOf("in the handler"));
    }

    [Fact]
    public async Task What_recoverability_logs_of_a_failed_message_tells_the_message_too()
    {
        await using var endpoint = await Start(configuration => configuration.Recoverability().AddUnrecoverableException<TimeoutException>());
        endpoint.Script.Do = (_, _) => throw new TimeoutException();
        await endpoint.Deliver(new Ping("x"));

        var scope = recorder.ScopeOf("Message message-1 failed for good and goes to error.");
        Assert.Contains(("MessageId", "message-1"), scope);
        Assert.Contains(("MessageType", typeof(Ping).FullName!), scope);
    }

    [Fact]
    public async Task Without_headers_the_id_of_the_transport_stands_for_the_message()
    {
        await using var endpoint = await Start();
        await endpoint.Receiver.Deliver([], "{}");
        var scope = Assert.Single(recorder.Lines, line => line.Text.Contains("goes to error", StringComparison.Ordinal)).Scope;
        Assert.Equal([("Endpoint", TestEndpoint.Name), ("MessageId", "native-1")], scope);
    }

    [Fact]
    public async Task After_the_message_nothing_is_left_of_its_scope()
    {
        await using var endpoint = await Start();
        await endpoint.Deliver(new Ping("x"));
        Logger(endpoint).LogInformation("afterwards");
        Assert.Empty(recorder.ScopeOf("afterwards"));
    }

    [Fact]
    public async Task A_scope_reads_well_as_a_text()
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = (_, _) =>
        {
            Logger(endpoint).LogInformation("in the handler");
            return Task.CompletedTask;
        };
        await endpoint.Deliver(new Ping("x"));
        Assert.Equal(
            $"Endpoint:{TestEndpoint.Name} MessageId:message-1 MessageType:{typeof(Ping).FullName} Handler:{typeof(Handling<Ping>).FullName}",
            Assert.Single(recorder.Lines, line => line.Text == "in the handler").ScopeText);
    }

    public void Dispose() => recorder.Dispose();

    private Task<TestEndpoint> Start(Action<EndpointConfiguration>? configure = null) =>
        TestEndpoint.Start(configure, services: services => services.AddLogging(logging => logging.AddProvider(recorder).SetMinimumLevel(LogLevel.Information)));

    private static ILogger Logger(TestEndpoint endpoint) => endpoint.Services.GetRequiredService<ILoggerFactory>().CreateLogger("test");

    private sealed class Recorder : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<(string Text, (string Name, string Value)[] Scope, string ScopeText)> Lines { get; } = new();

        public (string Name, string Value)[] ScopeOf(string text) => Assert.Single(Lines, line => line.Text == text).Scope;

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Logger(Recorder recorder) : ILogger
        {
            public IDisposable BeginScope<TState>(TState state) where TState : notnull => recorder.scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var values = new List<(string, string)>();
                var texts = new List<string>();
                recorder.scopes.ForEachScope(
                    (scope, _) =>
                    {
                        values.AddRange(((IEnumerable<KeyValuePair<string, object?>>)scope!).Select(value => (value.Key, value.Value!.ToString()!)));
                        texts.Add(scope!.ToString()!);
                    },
                    0);
                recorder.Lines.Enqueue((formatter(state, exception), [.. values], string.Join(' ', texts)));
            }
        }
    }
}
