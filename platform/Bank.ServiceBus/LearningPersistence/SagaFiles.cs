using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Learning;

/// <summary>
/// One folder for each kind of saga state; in it <c>{id}.json</c> with the state, and <c>{fingerprint}.key</c>, named after a correlation value, with the id that has it.
/// The state is written before its key and removed before it: a key without state, left behind by a process that died in between, is nobody's.
/// </summary>
internal sealed class SagaFiles(string root) : ISagaPersister
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public async Task<TSagaData?> Get<TSagaData>(Guid sagaId, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
        where TSagaData : class, IContainSagaData
    {
        await Session(session).Lock(cancellationToken);
        var file = StateFile(typeof(TSagaData), sagaId);
        if (!File.Exists(file)) return null;
        await using var stream = File.OpenRead(file);
        return await JsonSerializer.DeserializeAsync<TSagaData>(stream, Indented, cancellationToken);
    }

    public async Task<TSagaData?> Get<TSagaData>(
        string propertyName, object propertyValue, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
        where TSagaData : class, IContainSagaData
    {
        await Session(session).Lock(cancellationToken);
        var key = KeyFile(typeof(TSagaData), propertyName, propertyValue);
        if (!File.Exists(key)) return null;
        var id = Guid.Parse(await File.ReadAllTextAsync(key, cancellationToken));
        context.GetOrCreate<Keys>()[id] = key;
        return await Get<TSagaData>(id, session, context, cancellationToken);
    }

    public async Task Save(
        IContainSagaData sagaData, SagaCorrelationProperty? correlationProperty, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
    {
        await Session(session).Lock(cancellationToken);
        var key = correlationProperty is null ? null : KeyFile(sagaData.GetType(), correlationProperty.Name, correlationProperty.Value);
        if (key is not null && File.Exists(key) && File.Exists(StateFile(sagaData.GetType(), Guid.Parse(await File.ReadAllTextAsync(key, cancellationToken)))))
            throw new InvalidOperationException($"There is an instance with {correlationProperty!.Name} = {correlationProperty.Value} already.");
        Session(session).OnCommit(() =>
        {
            Write(StateFile(sagaData.GetType(), sagaData.Id), JsonSerializer.Serialize(sagaData, sagaData.GetType(), Indented));
            if (key is not null) Write(key, sagaData.Id.ToString());
        });
    }

    public Task Update(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
    {
        Session(session).OnCommit(() => Write(StateFile(sagaData.GetType(), sagaData.Id), JsonSerializer.Serialize(sagaData, sagaData.GetType(), Indented)));
        return Task.CompletedTask;
    }

    public async Task Complete(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
    {
        await Session(session).Lock(cancellationToken);
        // Found by id, as by a timeout, the instance does not say which key is its own.
        var key = context.GetOrCreate<Keys>().GetValueOrDefault(sagaData.Id)
            ?? Directory.GetFiles(Folder(sagaData.GetType()), "*.key").FirstOrDefault(file => File.ReadAllText(file) == sagaData.Id.ToString());
        Session(session).OnCommit(() =>
        {
            File.Delete(StateFile(sagaData.GetType(), sagaData.Id));
            if (key is not null) File.Delete(key);
            FolderEntries.Flush(Folder(sagaData.GetType()));
        });
    }

    private static FileSession Session(ISynchronizedStorageSession session) =>
        session as FileSession ?? throw new InvalidOperationException("The storage session is not one of LearningPersistence.");

    private string Folder(Type data) => Path.Combine(root, data.FullName!);

    private string StateFile(Type data, Guid id) => Path.Combine(Folder(data), id + ".json");

    private string KeyFile(Type data, string property, object value)
    {
        var text = $"{property}={Convert.ToString(value, CultureInfo.InvariantCulture)}";
        return Path.Combine(Folder(data), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32] + ".key");
    }

    /// <summary>There whole or not at all: written beside, flushed, renamed.</summary>
    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var temporary = file + StorageFolder.TemporaryExtension;
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        StorageFolder.Rename(temporary, file);
        FolderEntries.Flush(Path.GetDirectoryName(file)!);
    }

    /// <summary>The key files of the instances that were found by one.</summary>
    private sealed class Keys : Dictionary<Guid, string>;
}
