using System.Diagnostics;
using Bank.Benchmarks.Measuring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Bank.Benchmarks.Bus;

/// <summary>An endpoint as a team would configure it, one started for each measurement.</summary>
internal sealed class BusEndpoint(BenchServers servers, int concurrency)
{
    public const string Sink = "bench-sink";
    public const string Queue = "bench-bus";

    /// <summary>Sends messages to queues, so many at a time.</summary>
    /// <returns>Messages per second.</returns>
    public async Task<double> Send(string queue, int messages, int inFlight, CancellationToken cancellationToken)
    {
        using var host = Build(configuration => configuration.SendOnly(), new Arrivals(0), useDatabase: false);
        await host.StartAsync(cancellationToken);
        var session = host.Services.GetRequiredService<IMessageSession>();
        var watch = Stopwatch.StartNew();
        await Concurrently.Run(messages, inFlight, _ => session.Send(queue, NewMessage(), cancellationToken));
        var rate = messages / watch.Elapsed.TotalSeconds;
        await host.StopAsync(cancellationToken);
        return rate;
    }

    /// <summary>Creates the queues and tables.</summary>
    public async Task Install(CancellationToken cancellationToken)
    {
        using var host = Build(configuration => configuration.AddHandler<EmptyHandler>(), new Arrivals(0), useDatabase: true);
        await host.StartAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
    }

    /// <summary>Receives what waits in the queue.</summary>
    /// <returns>Messages per second, from the first handled to the last handled.</returns>
    public async Task<double> Receive<THandler>(int messages, bool outbox, CancellationToken cancellationToken)
    {
        var arrivals = new Arrivals(messages);
        using var host = Build(configuration => configuration.AddHandler<THandler>(), arrivals, outbox);
        await host.StartAsync(cancellationToken);
        var rate = await arrivals.Rate(cancellationToken);
        await host.StopAsync(cancellationToken);
        return rate;
    }

    public static EmptyMessage NewMessage() => new("acc-0001", 12_50, "EUR", Guid.CreateVersion7());

    private IHost Build(Action<EndpointConfiguration> configure, Arrivals arrivals, bool useDatabase)
    {
        var configuration = new EndpointConfiguration(Queue);
        configuration.UseTransport(new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), servers.RabbitMq)
        {
            // The broker of the benchmark has no management plug-in.
            DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled,
            ValidateDeliveryLimits = false,
        });
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.AssemblyScanner().Disable = true;
        configuration.EnableInstallers();
        configuration.LimitMessageProcessingConcurrencyTo(concurrency);
        configuration.SendFailedMessagesTo("error");
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        configure(configuration);
        if (useDatabase)
        {
            var persistence = configuration.UsePersistence<SqlPersistence>();
            persistence.SqlDialect<SqlDialect.PostgreSql>().JsonBParameterModifier(parameter => ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb);
            persistence.ConnectionBuilder(() => new NpgsqlConnection(servers.PostgreSql));
            configuration.EnableOutbox();
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(arrivals);
        builder.Services.AddNServiceBusEndpoint(configuration);
        return builder.Build();
    }
}
