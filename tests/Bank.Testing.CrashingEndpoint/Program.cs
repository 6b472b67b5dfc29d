using System.Data.Common;
using Bank.ServiceBus;
using Bank.ServiceBus.Transport;
using Bank.Testing.CrashingEndpoint;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

// An endpoint that dies at every phase once. Whoever starts it starts it again until it ends by itself: then every effect of its work is there.
if (args is not [var run, var folder, var transportKind, var broker, var databaseKind, var database])
{
    Console.Error.WriteLine("Arguments: run folder (RabbitMQ|Learning) (broker|folder) (PostgreSql|SqlServer|Sqlite) connection-string");
    return 2;
}

DbConnection Connect() => databaseKind switch
{
    "PostgreSql" => new NpgsqlConnection(database),
    "SqlServer" => new SqlConnection(database),
    _ => new SqliteConnection(database),
};

var death = new Death(folder);
var effects = new Effects(Connect, databaseKind);
await effects.Create();
TransportDefinition transport = transportKind == "RabbitMQ"
    ? new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), broker)
    {
        DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled,
        ValidateDeliveryLimits = false,
    }
    : new LearningTransport { StorageDirectory = broker };

var configuration = new EndpointConfiguration(run);
configuration.Settings.Set(death);
configuration.UseTransport(new CrashingTransport(transport, death));
configuration.UseSerialization<SystemJsonSerializer>();
configuration.UsePersistence<CrashingPersistence>();
var persistence = new PersistenceExtensions<SqlPersistence>(configuration.Settings);
persistence.ConnectionBuilder(Connect);
if (databaseKind == "PostgreSql") persistence.SqlDialect<SqlDialect.PostgreSql>();
else if (databaseKind == "SqlServer") persistence.SqlDialect<SqlDialect.MsSqlServer>();
else persistence.SqlDialect<SqlDialect.Sqlite>();
persistence.TablePrefix("");
configuration.EnableOutbox();
configuration.EnableInstallers();
configuration.LimitMessageProcessingConcurrencyTo(1);
configuration.SendFailedMessagesTo(run + ".error");
configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
configuration.AssemblyScanner().Disable = true;
configuration.AddSaga<WorkSaga>();
configuration.AddHandler<FollowUp>();

var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddSingleton(effects);
builder.Services.AddSingleton(run);
builder.Services.AddNServiceBusEndpoint(configuration);
using var host = builder.Build();
await host.StartAsync();

// After each death everything is sent again under the same ids, as a channel system would that had no answer.
var session = host.Services.GetRequiredService<IMessageSession>();
string[] all = [.. Enum.GetValues<Phase>().Select(Death.MessageOf), "work-Last"];
foreach (var id in all)
{
    var options = new SendOptions();
    options.SetMessageId(id);
    options.RouteToThisEndpoint();
    await session.Send(new DoWork(run, id), options);
}

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
while (await effects.Count(deadline.Token) < all.Length * 3) await Task.Delay(50, deadline.Token);
await host.StopAsync();
return 0;
