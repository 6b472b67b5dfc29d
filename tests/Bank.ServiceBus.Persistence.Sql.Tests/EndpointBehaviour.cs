using System.Text.Json;
using Bank.ServiceBus.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Newtonsoft.Json.Linq;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>A whole endpoint on each kind of database: its saga, its handler's own SQL and its outbox in one transaction.</summary>
public abstract class EndpointBehaviour<TDatabase>(TDatabase database) : IClassFixture<TDatabase>, IDisposable where TDatabase : Database
{
    private const int Messages = 12;

    private readonly string folder = Directory.CreateTempSubdirectory("whole-").FullName;
    private readonly string prefix = $"E{Guid.NewGuid():N}"[..10] + "_";
    private readonly Attempts attempts = new();

    [SkippableFact]
    public async Task Messages_that_start_one_saga_at_once_each_take_effect_once_also_when_they_come_twice()
    {
        await WithEndpoint(async session =>
        {
            var ids = Enumerable.Range(0, Messages).Select(number => "m" + number).ToArray();
            await Task.WhenAll(ids.Concat(ids).Select(id => Send(session, id, new StartParcel("p1", Fail: false))));
            await Eventually(async () => (await Rows()).Count >= Messages && CountIn("Parcels") == 0, "all messages");
            Assert.Equal(ids.Order(), (await Rows()).Order());
            Assert.Equal(ids.Order(), (await States()).Single()["Seen"]!.Values<string>().Order());
            // What was committed may be sent again, but under its own id.
            Assert.Equal(Messages, IdsIn("Labels").Distinct().Count());
        });
        Assert.Equal(0, CountIn("error"));
    }

    [SkippableFact]
    public async Task A_handler_that_fails_leaves_neither_state_nor_rows_nor_messages()
    {
        await WithEndpoint(async session =>
        {
            await Send(session, "m1", new StartParcel("p1", Fail: true));
            await Eventually(() => Task.FromResult(CountIn("error") == 1), "the move to the error queue");
            Assert.Empty(await Rows());
            Assert.Empty(await States());
            Assert.Equal(0, CountIn("Labels"));
            Assert.Equal(["0"], await database.Ask($"select count(*) from \"{prefix}OutboxData\""));
        });
    }

    [SkippableFact]
    public async Task Replies_and_timeouts_of_an_instance_that_the_package_has_started_find_it_by_its_id_until_it_ends()
    {
        var id = Guid.NewGuid();
        await WithEndpoint(async session =>
        {
            await Execute($$"""
                insert into "{{prefix}}ParcelSaga" ("Id", "Metadata", "Data", "PersistenceVersion", "SagaTypeVersion", "Concurrency", "Correlation_Parcel")
                values ('{{id}}', '{ "Originator": "Shop" }', '{ "Parcel": "p1", "Seen": [ "theirs" ] }', '9.0.3.0', '1.0.0.0', 1, 'p1')
                """);
            await Send(session, "packed", new ParcelPacked(), (Headers.SagaId, id.ToString()), (Headers.SagaType, Elsewhere));
            await Eventually(async () => (await States()).Single()["Seen"]!.Values<string>().SequenceEqual(["theirs", "packed"]), "the reply");
            await Send(session, "aged", new ParcelAged(), (Headers.SagaId, id.ToString()), (Headers.SagaType, Elsewhere), (Headers.IsSagaTimeoutMessage, "True"));
            await Eventually(async () => (await States()).Count == 0 && CountIn("Shop") == 1, "the end and the answer to whoever began");
        });
        Assert.Equal(0, CountIn("error"));
    }

    [SkippableFact]
    public async Task What_the_package_committed_before_it_died_is_sent_without_the_handler_when_the_message_comes_again()
    {
        await WithEndpoint(async session =>
        {
            var operations = new JArray(
                new JObject { ["Body"] = "e30=", ["Headers"] = new JObject { ["NServiceBus.MessageId"] = "theirs" }, ["MessageId"] = "theirs", ["Options"] = new JObject { ["Destination"] = "Labels" } },
                new JObject
                {
                    ["Body"] = "e30=", ["Headers"] = new JObject { ["NServiceBus.MessageId"] = "later" }, ["MessageId"] = "later",
                    ["Options"] = new JObject { ["Destination"] = "Labels", ["DeliverAt"] = "2100-01-01 00:00:00:000000 Z" },
                });
            await Execute($"insert into \"{prefix}OutboxData\" (\"MessageId\", \"PersistenceVersion\", \"Operations\") values ('m1', '9.0.3.0', '{operations}')");
            await Send(session, "m1", new StartParcel("p1", Fail: false));
            await Eventually(async () => (await database.Ask($"select 1 from \"{prefix}OutboxData\" where \"DispatchedAt\" is not null")).Count == 1, "the mark");
            Assert.Equal(["later", "theirs"], IdsIn("Labels").Order());
            Assert.Empty(await Rows());
        });
    }

    [SkippableFact]
    public async Task State_that_cannot_be_read_moves_its_message_to_the_error_queue_at_the_first_attempt()
    {
        await WithEndpoint(async session =>
        {
            await Execute($"""
                insert into "{prefix}ParcelSaga" ("Id", "Metadata", "Data", "PersistenceVersion", "SagaTypeVersion", "Concurrency", "Correlation_Parcel")
                values ('{Guid.NewGuid()}', '{"{}"}', '[]', '9.0.3.0', '1.0.0.0', 1, 'p1')
                """);
            await Send(session, "m1", new StartParcel("p1", Fail: false));
            await Eventually(() => Task.FromResult(CountIn("error") == 1), "the move to the error queue");
            using var moved = JsonDocument.Parse(await File.ReadAllTextAsync(new LearningTransportQueue(folder, "error").Files().Single()));
            Assert.Equal(typeof(SerializationException).FullName, moved.RootElement.GetProperty("Headers").GetProperty("NServiceBus.ExceptionInfo.ExceptionType").GetString());
        });
        Assert.Equal(1, attempts.Count);
    }

    // The class is the same, the assembly of the other stack is another one.
    private static string Elsewhere => $"{typeof(ParcelSaga).FullName}, Another.Assembly, Version=9.9.9.9, Culture=neutral, PublicKeyToken=null";

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task WithEndpoint(Func<IMessageSession, Task> act)
    {
        Skip.If(database.Missing is not null, database.Missing);
        await Execute($"create table \"{prefix}own\" (\"Message\" varchar(50) not null)");
        var configuration = new EndpointConfiguration("Parcels");
        configuration.UseTransport(new LearningTransport { StorageDirectory = folder });
        configuration.UseSerialization<SystemJsonSerializer>();
        var persistence = configuration.UsePersistence<SqlPersistence>();
        database.Choose(persistence);
        persistence.ConnectionBuilder(database.Connect);
        persistence.TablePrefix(prefix);
        configuration.EnableOutbox();
        configuration.EnableInstallers();
        configuration.LimitMessageProcessingConcurrencyTo(8);
        configuration.Recoverability().Immediate(retries => retries.NumberOfRetries(2 * Messages)).Delayed(retries => retries.NumberOfRetries(0));
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        configuration.AssemblyScanner().Disable = true;
        configuration.AddSaga<ParcelSaga>();
        configuration.Pipeline.Register(attempts, "Counts attempts.");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new OwnTable(prefix));
        builder.Services.AddNServiceBusEndpoint(configuration);
        using var host = builder.Build();
        await host.StartAsync();
        await act(host.Services.GetRequiredService<IMessageSession>());
        await host.StopAsync();
    }

    private sealed class Attempts : Behavior<IIncomingPhysicalMessageContext>
    {
        private int count;

        public int Count => count;

        public override Task Invoke(IIncomingPhysicalMessageContext context, Func<Task> next)
        {
            Interlocked.Increment(ref count);
            return next();
        }
    }

    private static Task Send(IMessageSession session, string id, object message, params (string Name, string Value)[] headers)
    {
        var options = new SendOptions();
        options.SetMessageId(id);
        options.RouteToThisEndpoint();
        foreach (var (name, value) in headers) options.SetHeader(name, value);
        return session.Send(message, options);
    }

    private int CountIn(string queue) => new LearningTransportQueue(folder, queue).Count();

    private string[] IdsIn(string queue) =>
        [.. new LearningTransportQueue(folder, queue).Files().Select(file => (string)JObject.Parse(File.ReadAllText(file))["Id"]!)];

    private Task<List<string>> Rows() => database.Ask($"select \"Message\" from \"{prefix}own\"");

    private async Task<List<JObject>> States() => [.. (await database.Ask($"select \"Data\" from \"{prefix}ParcelSaga\"")).Select(JObject.Parse)];

    private Task Execute(string sql) => database.Ask(sql);

    private static async Task Eventually(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited in vain: {what}.");
            await Task.Delay(20);
        }
    }
}

public sealed class SqliteEndpointTests(SqliteDatabase database) : EndpointBehaviour<SqliteDatabase>(database);

public sealed class PostgreSqlEndpointTests(PostgreSqlDatabase database) : EndpointBehaviour<PostgreSqlDatabase>(database);

public sealed class MsSqlServerEndpointTests(MsSqlServerDatabase database) : EndpointBehaviour<MsSqlServerDatabase>(database);
