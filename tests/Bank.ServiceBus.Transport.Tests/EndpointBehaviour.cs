using System.Collections.Concurrent;
using System.Text.Json;
using Bank.ServiceBus.Transport.Tests.RabbitMq;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.ServiceBus.Transport.Tests;

/// <summary>A whole endpoint with saga and outbox on a real transport: messages twice, at once, failing, and late.</summary>
public abstract class EndpointBehaviour : IDisposable
{
    private const string TypeOf = "Bank.ServiceBus.Transport.Tests.";

    private readonly string name = "Whole" + Guid.NewGuid().ToString("N")[..8];
    private readonly string database = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".db");
    private readonly ConcurrentQueue<string> told = new();
    private readonly CountingScript script = new();

    [SkippableFact]
    public async Task A_message_that_comes_several_times_at_once_has_one_effect()
    {
        using var host = await Start();
        await using var receiver = await TestTransport.Start(Create(), name + ".results");
        var same = Enumerable.Range(0, 8).Select(_ => Operation("same", nameof(Count), new Count("a", 1)));
        await receiver.Dispatch([.. same]);
        await receiver.Dispatch(Operation("last", nameof(Count), new Count("a", 1)));
        await Eventually.Holds(() => receiver.All.Any(message => message.Body.Contains("\"Total\":2", StringComparison.Ordinal)), "the second result");
        await host.StopAsync();

        var (total, seen) = await Counted("a");
        Assert.Equal(2, total);
        Assert.Equal(["last", "same"], seen.Split(',').Order());
        // What was stored may be sent again, but under its own id.
        Assert.Equal(2, receiver.All.Select(message => message.Id).Distinct().Count());
    }

    [SkippableFact]
    public async Task Messages_that_start_one_saga_at_once_make_one_instance_and_all_count()
    {
        using var host = await Start(configuration => configuration.LimitMessageProcessingConcurrencyTo(8));
        await using var receiver = await TestTransport.Start(Create(), name + ".results");
        await receiver.Dispatch([.. Enumerable.Range(0, 12).Select(number => Operation("start-" + number, nameof(Count), new Count("together", 1)))]);
        await Eventually.Holds(() => receiver.All.Select(message => message.Id).Distinct().Count() == 12, "all results");
        await host.StopAsync();
        Assert.Equal(12, (await Counted("together")).Total);
    }

    [SkippableFact]
    public async Task A_failing_message_waits_for_each_delayed_retry_and_goes_to_the_error_queue_with_its_history()
    {
        script.FailAlways = "hopeless";
        using var host = await Start(configuration => configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(1))
            .Delayed(delayed => delayed.NumberOfRetries(2).TimeIncrease(TimeSpan.FromSeconds(1))));
        await using var errors = await TestTransport.Start(Create(), name + ".error");
        await errors.Dispatch(Operation("m-1", nameof(Count), new Count("hopeless", 1)));
        await Eventually.Holds(() => !errors.All.IsEmpty, "the move to the error queue");
        await host.StopAsync();

        var (moved, attempts) = (Assert.Single(errors.All), script.Attempts.ToArray());
        Assert.Equal(["-", "-", "1", "1", "2", "2"], attempts.Select(attempt => attempt.Retries));
        // A broker counts whole seconds; half a one is what rounding may take.
        Assert.True(attempts[2].At - attempts[1].At > TimeSpan.FromSeconds(0.5) && attempts[4].At - attempts[3].At > TimeSpan.FromSeconds(1.5));
        Assert.Equal(("m-1", """{"Account":"hopeless","Amount":1}""", name), (moved.Id, moved.Body, moved.Headers["NServiceBus.FailedQ"]));
        Assert.DoesNotContain("NServiceBus.Retries", moved.Headers.Keys);
        Assert.Equal(28, moved.Headers["NServiceBus.Retries.Timestamp"].Length);
        Assert.Equal("Not this one.", moved.Headers["NServiceBus.ExceptionInfo.Message"]);
    }

    [SkippableFact]
    public async Task After_failures_in_a_row_messages_go_one_at_a_time_until_one_succeeds()
    {
        script.FailFirst = 4;
        Func<CancellationToken, Task> Tell(string what) => _ =>
        {
            told.Enqueue(what);
            return Task.CompletedTask;
        };
        using var host = await Start(configuration =>
        {
            configuration.LimitMessageProcessingConcurrencyTo(4);
            configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(100))
                .OnConsecutiveFailures(3, new RateLimitSettings(TimeSpan.FromMilliseconds(300), Tell("began"), Tell("ended")));
        });
        await using var sender = await TestTransport.Start(Create(), name + ".results");
        await sender.Dispatch(Operation("m-1", nameof(Count), new Count("limited", 1)));
        await Eventually.Holds(() => !sender.All.IsEmpty, "the result");
        await host.StopAsync();

        var attempts = script.Attempts.ToArray();
        Assert.Equal(5, attempts.Length);
        // The third failure begins the restraint; the pause follows each one after it.
        Assert.True(attempts[4].At - attempts[3].At > TimeSpan.FromMilliseconds(250));
        Assert.Equal(["began", "ended"], told);
    }

    [SkippableFact]
    public async Task A_message_with_no_header_but_its_type_is_handled()
    {
        using var host = await Start();
        await using var sender = await TestTransport.Start(Create(), name + ".results");
        var bare = new OutgoingMessage("bare", new() { [Headers.EnclosedMessageTypes] = TypeOf + nameof(Count) }, JsonSerializer.SerializeToUtf8Bytes(new Count("bare", 5)));
        await sender.Dispatch(new TransportOperation(bare, new UnicastDestination(name), DispatchProperties.None));
        await Eventually.Holds(() => !sender.All.IsEmpty, "the result");
        await host.StopAsync();
        Assert.Equal((5, "bare"), await Counted("bare"));
        Assert.Equal(("bare", "bare"), (sender.All.First().Headers[Headers.RelatedTo], sender.All.First().Headers[Headers.CorrelationId]));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        File.Delete(database);
        Clean();
        GC.SuppressFinalize(this);
    }

    /// <summary>A transport of its own, or a reason why there is none.</summary>
    protected abstract TransportDefinition Create();

    protected virtual void Clean()
    {
    }

    private TransportOperation Operation(string id, string type, object message) => TestTransport.Operation(
        new UnicastDestination(name), JsonSerializer.Serialize(message, message.GetType()), headers: new() { [Headers.EnclosedMessageTypes] = TypeOf + type }, id: id);

    private async Task<IHost> Start(Action<EndpointConfiguration>? configure = null)
    {
        var configuration = new EndpointConfiguration(name);
        var routing = configuration.UseTransport(Create());
        routing.RouteToEndpoint(typeof(Counted), name + ".results");
        configuration.UseSerialization<SystemJsonSerializer>();
        var persistence = configuration.UsePersistence<SqlPersistence>();
        persistence.SqlDialect<SqlDialect.Sqlite>();
        persistence.ConnectionBuilder(() => new SqliteConnection($"Data Source={database}"));
        persistence.TablePrefix("");
        configuration.EnableOutbox();
        configuration.EnableInstallers();
        configuration.SendFailedMessagesTo(name + ".error");
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        configuration.AssemblyScanner().Disable = true;
        configuration.AddSaga<CountingSaga>();
        // Who starts a saga at the same time as another fails and comes again; that is no failure of the message.
        configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(50));
        configure?.Invoke(configuration);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(script);
        builder.Services.AddNServiceBusEndpoint(configuration);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task<(int Total, string Seen)> Counted(string account)
    {
        await using var connection = new SqliteConnection($"Data Source={database}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT "Data" FROM "CountingSaga" WHERE "Correlation_Account" = $account""";
        command.Parameters.AddWithValue("$account", account);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        using var data = JsonDocument.Parse(reader.GetString(0));
        Assert.False(await reader.ReadAsync());
        return (data.RootElement.GetProperty("Total").GetInt32(), data.RootElement.GetProperty("Seen").GetString()!);
    }
}

public sealed record Count(string Account, int Amount) : ICommand;

public sealed record Counted(string Account, int Total) : ICommand;

/// <summary>What the saga is to do, and what it was asked.</summary>
public sealed class CountingScript
{
    private int attempts;

    public string? FailAlways { get; set; }

    public int FailFirst { get; set; }

    public ConcurrentQueue<(DateTimeOffset At, string Retries)> Attempts { get; } = new();

    public void Attempt(Count message, IMessageHandlerContext context)
    {
        Attempts.Enqueue((DateTimeOffset.UtcNow, context.MessageHeaders.GetValueOrDefault("NServiceBus.Retries") ?? "-"));
        if (Interlocked.Increment(ref attempts) <= FailFirst || message.Account == FailAlways) throw new InvalidOperationException("Not this one.");
    }
}

public sealed class CountingData : ContainSagaData
{
    public string Account { get; set; } = "";

    public int Total { get; set; }

    public string Seen { get; set; } = "";
}

public sealed class CountingSaga(CountingScript script) : Saga<CountingData>, IAmStartedByMessages<Count>
{
    public async Task Handle(Count message, IMessageHandlerContext context)
    {
        script.Attempt(message, context);
        Data.Total += message.Amount;
        Data.Seen = Data.Seen.Length == 0 ? context.MessageId : Data.Seen + "," + context.MessageId;
        await context.Send(new Counted(message.Account, Data.Total));
    }

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<CountingData> mapper) =>
        mapper.MapSaga(saga => saga.Account).ToMessage<Count>(message => message.Account);
}

public sealed class LearningEndpointTests : EndpointBehaviour
{
    private readonly string folder = Directory.CreateTempSubdirectory("whole-").FullName;

    protected override TransportDefinition Create() => new LearningTransport { StorageDirectory = folder, TransportTransactionMode = TransportTransactionMode.ReceiveOnly };

    protected override void Clean() => Directory.Delete(folder, recursive: true);
}

public sealed class RabbitMqEndpointTests : EndpointBehaviour
{
    protected override TransportDefinition Create() => Broker.Transport(QueueType.Quorum);
}
