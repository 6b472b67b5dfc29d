using System.Data.Common;
using Bank.Hub;
using Bank.Hub.Projections;
using Bank.Hub.Replays;
using Bank.StreamStore;
using Bank.StreamStore.Snapshots;
using Bank.StreamStore.Sql;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Bank.Hosting;

/// <summary>What the Program.cs of every endpoint would otherwise repeat: transport, database, retries, telemetry and health, from configuration.</summary>
public sealed class BankEndpoint
{
    private readonly IHostApplicationBuilder builder;
    private readonly BankSettings settings;

    private BankEndpoint(IHostApplicationBuilder builder, BankSettings settings, EndpointConfiguration configuration, RoutingSettings routing, BankDatabase database)
    {
        this.builder = builder;
        this.settings = settings;
        Configuration = configuration;
        Routing = routing;
        Database = database;
    }

    /// <summary>The endpoint, for what only it needs.</summary>
    public EndpointConfiguration Configuration { get; }

    /// <summary>Which commands go where.</summary>
    public RoutingSettings Routing { get; }

    /// <summary>The endpoint's own database.</summary>
    public BankDatabase Database { get; }

    /// <summary>Configures an endpoint from <see cref="BankSettings"/>.</summary>
    /// <typeparam name="TCommand">The interface that marks commands.</typeparam>
    /// <typeparam name="TEvent">The interface that marks events; subscribing to it, or to an interface derived from it, means all such events.</typeparam>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static BankEndpoint Configure<TCommand, TEvent>(WebApplicationBuilder builder, string endpointName)
    {
        var settings = BankSettings.Read(builder.Configuration);
        var configuration = new EndpointConfiguration(endpointName);
        var routing = UseTransport(configuration, settings);
        configuration.UseSerialization<SystemJsonSerializer>().Options(MessageJson.Options);
        configuration.Conventions()
            .DefiningCommandsAs(type => typeof(TCommand).IsAssignableFrom(type) && !type.IsInterface)
            .DefiningEventsAs(typeof(TEvent).IsAssignableFrom);
        configuration.Recoverability()
            .Immediate(retries => retries.NumberOfRetries(settings.ImmediateRetries))
            .Delayed(retries => retries.NumberOfRetries(settings.DelayedRetries).TimeIncrease(settings.DelayIncrease));
        configuration.SendFailedMessagesTo("error");
        Connect(configuration, settings);
        configuration.EnableInstallers();
        if (settings.Concurrency is { } concurrency) configuration.LimitMessageProcessingConcurrencyTo(concurrency);
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);

        var database = BankDatabase.For(settings, endpointName);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddBankHealth(database);
        builder.Services.AddBankProblems();
        builder.AddBankTelemetry(endpointName);
        return new BankEndpoint(builder, settings, configuration, routing, database);
    }

    /// <summary>Stores sagas in the endpoint's database, together with what they send.</summary>
    public BankEndpoint StoreSagas()
    {
        var persistence = Configuration.UsePersistence<SqlPersistence>();
        // A message holds its connection until it is done, and what handles it may wait for another: of one pool, all could be held by those who wait.
        persistence.ConnectionBuilder(Database.WithOwnPool("messages").Create);
        SagaDialect.Choose(persistence, Database.Kind);
        Configuration.EnableOutbox();
        return this;
    }

    /// <summary>Adds an <see cref="IStreamStore"/> in the endpoint's database, created when missing before the endpoint starts.</summary>
    public BankEndpoint StoreStreams()
    {
        SqlStreamStoreBase store = Database.Kind switch
        {
            DatabaseKind.PostgreSql => new PostgresStreamStore(new PostgresStreamStoreSettings(Database.ConnectionString)),
            DatabaseKind.SqlServer => new MsSqlStreamStoreV3(new MsSqlStreamStoreV3Settings(Database.ConnectionString)),
            _ => new SqliteStreamStore(new SqliteStreamStoreSettings(Database.ConnectionString)),
        };
        builder.Services.AddSingleton<IStreamStore>(_ => store);
        builder.Services.AddSingleton<ISnapshotStore>(store);
        builder.Services.AddSingleton<IHostedService>(new BeforeStart(store.CreateSchemaIfNotExists));
        return this;
    }

    /// <summary>Adds the endpoint, and a hub that publishes what its store holds, and sends it again to whoever asks.</summary>
    public void RunWithHub<TMapper, TAnnouncer>() where TMapper : class, IContractMapper where TAnnouncer : class, IReplayAnnouncer
    {
        Run();
        PublishStreams<TMapper>();
        AnswerReplays<TAnnouncer>();
    }

    /// <summary>Adds a hub that publishes what the endpoint's store holds. Comes after the endpoint was added, so that the hub stops first.</summary>
    public void PublishStreams<TMapper>() where TMapper : class, IContractMapper
    {
        StoreLeases();
        builder.Services.AddHub<TMapper>(new HubOptions { LeaseDuration = settings.TakeOverAfter });
        builder.Services.AddReadiness("hub", (provider, _) => Task.FromResult(
            provider.GetRequiredService<HubState>().Current.Error is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Publishing does not go on; see the log.")));
    }

    /// <summary>Adds the endpoint, and projections in its database; their tables are there before it starts, and fill themselves.</summary>
    public void RunWithProjections<TAsker>(ProjectionCatalog projections) where TAsker : class, IReplayAsker
    {
        // Tables could be kept there; what reads them is written for the others.
        if (Database.Kind == DatabaseKind.SqlServer) throw new InvalidOperationException("Bank:Database: this endpoint keeps projections, in PostgreSql or Sqlite only.");
        Run();
        KeepProjections<TAsker>(projections);
    }

    /// <summary>Adds projections in the endpoint's database; their tables are there before it starts, and fill themselves. Comes after the endpoint was added.</summary>
    public void KeepProjections<TAsker>(ProjectionCatalog projections) where TAsker : class, IReplayAsker
    {
        var tables = Database.Kind switch
        {
            DatabaseKind.PostgreSql => ProjectionDatabase.OnPostgreSql(Open),
            DatabaseKind.SqlServer => ProjectionDatabase.OnSqlServer(Open),
            _ => ProjectionDatabase.OnSqlite(Open),
        };
        builder.Services.AddProjections<TAsker>(tables, projections);
        builder.Services.AddSingleton<IHostedService>(provider => new BeforeStart(cancellationToken => provider.PrepareProjections(cancellationToken)));
    }

    /// <summary>Adds the endpoint.</summary>
    public void Run() => builder.Services.AddNServiceBusEndpoint(Configuration);

    private void AnswerReplays<TAnnouncer>() where TAnnouncer : class, IReplayAnnouncer
    {
        Configuration.Pipeline.Register(new ReplayedEventsLookPublished(), "Lets replayed events look as they did when they were published.");
        StoreLeases();
        var replays = Database.Kind switch
        {
            DatabaseKind.PostgreSql => SqlReplayStorage.OnPostgreSql(Open),
            DatabaseKind.SqlServer => SqlReplayStorage.OnSqlServer(Open),
            _ => SqlReplayStorage.OnSqlite(Open),
        };
        builder.Services.AddSingleton<IHostedService>(new BeforeStart(replays.Prepare));
        builder.Services.AddSingleton<IReplayStorage>(replays);
        var options = new ReplayOptions { EventJson = MessageJson.Options, LeaseDuration = settings.TakeOverAfter };
        // A file of the transport holds 64 kB, headers and all.
        builder.Services.AddReplays<TAnnouncer>(settings.Transport == TransportKind.Learning ? options with { MessageBytes = 32 * 1024 } : options);
    }

    private void StoreLeases() => builder.Services.TryAddSingleton<IHubStorage>(Database.Kind switch
    {
        DatabaseKind.PostgreSql => SqlHubStorage.OnPostgreSql(Open),
        DatabaseKind.SqlServer => SqlHubStorage.OnSqlServer(Open),
        _ => SqlHubStorage.OnSqlite(Open),
    });

    private ValueTask<DbConnection> Open(CancellationToken cancellationToken) => new(Database.OpenAsync(cancellationToken));

    private static void Connect(EndpointConfiguration configuration, BankSettings settings)
    {
        if (settings.ServicePlatform is not { } platform) return;
        try
        {
            configuration.ConnectToServicePlatform(platform);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"Bank:ServicePlatform: {exception.Message}", exception);
        }

        configuration.AddCustomCheck<ReadinessCheck>();
    }

    private static RoutingSettings UseTransport(EndpointConfiguration configuration, BankSettings settings) => settings.Transport switch
    {
        TransportKind.RabbitMQ => configuration.UseTransport(RabbitMq(settings)),
        _ => configuration.UseTransport(new LearningTransport { StorageDirectory = Path.Combine(settings.DataDirectory, "transport") }),
    };

    private static RabbitMQTransport RabbitMq(BankSettings settings)
    {
        var transport = new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), settings.RabbitMqConnection!);
        if (settings.RabbitMqClientCertificate is { } certificate) transport.ClientCertificate = certificate;
        if (settings.RabbitMqManagement is { } management)
        {
            transport.ManagementApiConfiguration = management;
        }
        else
        {
            // A broker without the management plug-in is as good; what only the plug-in can tell is not asked.
            transport.DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled;
            transport.ValidateDeliveryLimits = false;
        }

        return transport;
    }
}
