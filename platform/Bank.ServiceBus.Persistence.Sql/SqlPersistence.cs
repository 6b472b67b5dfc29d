using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Persistence.Sql;
using Bank.ServiceBus.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus;

/// <summary>Sagas and the outbox in a SQL database, in the tables of NServiceBus.Persistence.Sql 9.</summary>
public class SqlPersistence : PersistenceDefinition, IPersistenceDefinitionFactory<SqlPersistence>
{
    private SqlPersistence()
    {
    }

    /// <inheritdoc />
    public override bool SupportsOutbox => true;

    /// <inheritdoc />
    public static SqlPersistence Create(SettingsHolder settings) => new();

    /// <inheritdoc />
    public override PersistenceInfrastructure Initialize(PersistenceHostSettings settings) =>
        SqlPersistenceInfrastructure.Create(settings, settings.Settings.GetOrCreate<SqlPersistenceValues>());

    /// <inheritdoc />
    public override void AddServices(IServiceCollection services, Func<IServiceProvider, ISynchronizedStorageSession> currentSession) =>
        services.AddScoped(provider => currentSession(provider).SqlPersistenceSession());
}
