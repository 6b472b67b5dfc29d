using Bank.ServiceBus.Persistence;

namespace Bank.ServiceBus.Learning;

/// <summary>The saga files of one endpoint.</summary>
internal sealed class LearningPersistenceInfrastructure(string folder) : PersistenceInfrastructure
{
    public override ICompletableSynchronizedStorageSession CreateSession() => new FileSession(folder);

    public override Task Start(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public override Task Stop(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public override Task Install(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
