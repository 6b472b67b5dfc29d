namespace Bank.ServiceBus.Persistence;

/// <summary>A kind of storage for sagas and the outbox. One instance serves one endpoint.</summary>
public abstract class PersistenceDefinition
{
    /// <summary>Whether the outbox can be kept in this storage.</summary>
    public abstract bool SupportsOutbox { get; }

    /// <summary>Checks the settings and returns what stores.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public abstract PersistenceInfrastructure Initialize(PersistenceHostSettings settings);

    /// <summary>Adds services for handlers, resolved from the scope of one message. Called before <see cref="Initialize"/>.</summary>
    /// <param name="services">The container of the host.</param>
    /// <param name="currentSession">Returns the session of the message being handled in a scope; throws when there is none.</param>
    public virtual void AddServices(
        Microsoft.Extensions.DependencyInjection.IServiceCollection services, Func<IServiceProvider, ISynchronizedStorageSession> currentSession)
    {
    }
}

/// <summary>Makes a definition for <c>UsePersistence</c>.</summary>
/// <typeparam name="T">The definition.</typeparam>
public interface IPersistenceDefinitionFactory<out T> where T : PersistenceDefinition
{
    /// <summary>Makes a definition with default settings.</summary>
    /// <param name="settings">The settings of the endpoint, where the definition's extension methods keep theirs.</param>
    static abstract T Create(Settings.SettingsHolder settings);
}
