using Bank.ServiceBus.Learning;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus;

/// <summary>
/// Sagas as JSON files in a folder <c>.sagas</c>, one file for each instance: for development, no server, several processes. Messages for sagas are handled one after the other.
/// There is no outbox. The folder must be on a local disk: it is shared by a file lock.
/// </summary>
public class LearningPersistence : PersistenceDefinition, IPersistenceDefinitionFactory<LearningPersistence>
{
    internal const string DirectoryKey = "LearningPersistence.SagaStorageDirectory";

    private LearningPersistence()
    {
    }

    /// <inheritdoc />
    public override bool SupportsOutbox => false;

    /// <inheritdoc />
    public static LearningPersistence Create(SettingsHolder settings) => new();

    /// <inheritdoc />
    public override PersistenceInfrastructure Initialize(PersistenceHostSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var folder = settings.Settings.TryGet<string>(DirectoryKey, out var chosen) ? chosen : StorageFolder.FindDefault(".sagas");
        return new LearningPersistenceInfrastructure(folder) { SagaPersister = new SagaFiles(folder), OutboxStorage = null };
    }
}

/// <summary>Settings of <see cref="LearningPersistence"/>.</summary>
public static class LearningPersistenceConfigurationExtensions
{
    /// <summary>Keeps sagas in another folder. Default: <c>.sagas</c> beside the nearest solution file, or beside the nearest such folder, above the current one.</summary>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static void SagaStorageDirectory(this PersistenceExtensions<LearningPersistence> persistenceExtensions, string path)
    {
        ArgumentNullException.ThrowIfNull(persistenceExtensions);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        persistenceExtensions.Settings.Set(LearningPersistence.DirectoryKey, Path.GetFullPath(path));
    }
}
