using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Bank.ServiceBus.Transport.Tests.RabbitMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

namespace Bank.ServiceBus.Transport.Tests;

public sealed record Order(string Number) : ICommand;

public sealed class OrderHandler(ConcurrentQueue<string> handled) : IHandleMessages<Order>
{
    public Task Handle(Order message, IMessageHandlerContext context)
    {
        handled.Enqueue(message.Number);
        return Task.CompletedTask;
    }
}

/// <summary>What no endpoint can understand goes to the error queue with everything that it came with, and holds nobody up.</summary>
public abstract class BadMessageBehaviour
{
    private readonly string name = "Bad" + Guid.NewGuid().ToString("N")[..8];

    [SkippableFact]
    public async Task What_cannot_be_understood_goes_to_the_error_queue_as_it_came_and_the_next_message_is_handled()
    {
        const string type = "Bank.ServiceBus.Transport.Tests.Order";
        Dictionary<string, (string Body, string? Type)> bad = new()
        {
            ["not-json"] = ("not JSON", type),
            ["long"] = (new string('x', 3_000_000), type),
            ["cut-off"] = ("""{"Number":"1""", type),
            ["other-shape"] = ("""{"Number":{"Deep":[1,2]}}""", type),
            ["unknown-type"] = ("""{"Number":"1"}""", "Bank.Elsewhere.Invoice, Bank.Elsewhere"),
            ["no-type"] = ("""{"Number":"1"}""", null),
            ["heavy-headers"] = ("not JSON", type),
        };
        var handled = new ConcurrentQueue<string>();
        await using var errors = await TestTransport.Start(Create(), name + ".error");
        using var host = Endpoint(handled);
        await host.StartAsync();
        await using var sender = await TestTransport.Start(Create(), name + ".sender");

        foreach (var (id, (body, enclosed)) in bad) await sender.Send(name, body, headers: HeadersOf(id, enclosed), id: id);
        await sender.Send(name, """{"Number":"good"}""", headers: HeadersOf("good", type), id: "good");
        await Eventually.Holds(() => errors.All.Count == bad.Count && !handled.IsEmpty, "the moves to the error queue");
        await host.StopAsync();

        Assert.Equal(["good"], handled);
        Assert.Equal(bad.Keys.Order(), errors.All.Select(message => message.Headers["NServiceBus.MessageId"]).Order());
        foreach (var moved in errors.All)
        {
            var (body, enclosed) = bad[moved.Id];
            Assert.Equal(body, moved.Body);
            Assert.Equal(enclosed, moved.Headers.GetValueOrDefault(Headers.EnclosedMessageTypes));
            Assert.Equal("value of " + moved.Id, moved.Headers["Any.Header"]);
            Assert.Equal(name, moved.Headers["NServiceBus.FailedQ"]);
            Assert.Equal("Bank.ServiceBus.MessageDeserializationException", moved.Headers["NServiceBus.ExceptionInfo.ExceptionType"]);
        }
    }

    [SkippableFact]
    public async Task What_has_no_id_goes_to_the_error_queue_untouched_and_the_next_message_is_handled()
    {
        var handled = new ConcurrentQueue<string>();
        using var host = Endpoint(handled);
        await host.StartAsync();
        await using var sender = await TestTransport.Start(Create(), name + ".sender");
        await PutWithoutId(name, """{"Number":"nameless"}""");
        await sender.Send(name, """{"Number":"good"}""", headers: HeadersOf("good", "Bank.ServiceBus.Transport.Tests.Order"), id: "good");
        await Eventually.Holds(() => !handled.IsEmpty, "the next message");
        var moved = await Eventually.Gives(() => Take(name + ".error"), "the move to the error queue");
        await host.StopAsync();
        Assert.Contains("nameless", moved, StringComparison.Ordinal);
        Assert.DoesNotContain("NServiceBus.FailedQ", moved, StringComparison.Ordinal);
        Assert.Equal(["good"], handled);
    }

    /// <summary>A transport of its own, or a reason why there is none.</summary>
    protected abstract TransportDefinition Create();

    /// <summary>Puts a message into a queue as only a foreign program can: without an id.</summary>
    protected abstract Task PutWithoutId(string queue, string body);

    /// <summary>Takes a message out of a queue as it is, headers and body; null for none.</summary>
    protected abstract Task<string?> Take(string queue);

    private IHost Endpoint(ConcurrentQueue<string> handled)
    {
        var configuration = new EndpointConfiguration(name);
        configuration.UseTransport(Create());
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.SendFailedMessagesTo(name + ".error");
        configuration.EnableInstallers();
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        configuration.AssemblyScanner().Disable = true;
        configuration.AddHandler<OrderHandler>();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(handled);
        builder.Services.AddNServiceBusEndpoint(configuration);
        return builder.Build();
    }

    private static Dictionary<string, string> HeadersOf(string id, string? enclosed)
    {
        var headers = new Dictionary<string, string> { ["Any.Header"] = "value of " + id, [Headers.ContentType] = "application/json" };
        if (enclosed is not null) headers[Headers.EnclosedMessageTypes] = enclosed;
        // A broker takes all headers in one frame of 128 kB or not at all; what tells of the failure must find room beside these.
        if (id == "heavy-headers") headers["Heavy"] = new string('x', 128_500);
        return headers;
    }
}

public sealed class LearningBadMessageTests : BadMessageBehaviour, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bad-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    protected override TransportDefinition Create() => new LearningTransport { StorageDirectory = folder, RestrictPayloadSize = false };

    protected override Task PutWithoutId(string queue, string body) =>
        File.WriteAllTextAsync(Path.Combine(folder, queue, "foreign.json"), JsonSerializer.Serialize(new { Headers = new { }, Body = body }));

    protected override async Task<string?> Take(string queue) =>
        Directory.GetFiles(Path.Combine(folder, queue), "*.json") is [var file] ? await File.ReadAllTextAsync(file) : null;
}

public sealed class RabbitMqBadMessageTests : BadMessageBehaviour
{
    protected override TransportDefinition Create() => Broker.Transport(QueueType.Quorum);

    protected override async Task PutWithoutId(string queue, string body)
    {
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { Type = "Bank.ServiceBus.Transport.Tests.Order" }, Encoding.UTF8.GetBytes(body));
    }

    protected override async Task<string?> Take(string queue)
    {
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        return await channel.BasicGetAsync(queue, autoAck: true) is { } message
            ? string.Join(',', message.BasicProperties.Headers?.Keys ?? []) + Encoding.UTF8.GetString(message.Body.Span)
            : null;
    }
}
