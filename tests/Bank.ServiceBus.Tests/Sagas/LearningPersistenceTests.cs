using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;
using Bank.ServiceBus.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bank.ServiceBus.Tests.Sagas;

/// <summary>Sagas in files.</summary>
public sealed class LearningPersistenceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sagas-").FullName;

    [Fact]
    public async Task What_is_saved_is_found_by_id_and_by_correlation_also_by_the_next_process()
    {
        var order = NewOrder();
        await InSession(Open(), (sagas, session, bag) => sagas.Save(order, Correlation(order), session, bag));
        await InSession(Open(), async (sagas, session, bag) =>
        {
            var found = (await sagas.Get<OrderData>(nameof(OrderData.OrderId), order.OrderId, session, bag))!;
            Assert.Equal((order.Id, "m1", "Sender", "book"), (found.Id, found.OriginalMessageId, found.Originator, found.Item));
            Assert.Equal(["placed"], (await sagas.Get<OrderData>(order.Id, session, bag))!.History);
            Assert.Null(await sagas.Get<OrderData>(nameof(OrderData.OrderId), Guid.NewGuid(), session, bag));
        });
    }

    [Fact]
    public async Task Nothing_stays_of_a_session_that_does_not_complete()
    {
        var order = NewOrder();
        var persistence = Open();
        await using (var session = persistence.CreateSession())
        {
            await session.Open(new ContextBag());
            await persistence.SagaPersister.Save(order, Correlation(order), session, new ContextBag());
        }

        await InSession(persistence, async (sagas, session, bag) => Assert.Null(await sagas.Get<OrderData>(order.Id, session, bag)));
    }

    [Fact]
    public async Task A_second_instance_with_the_same_correlation_is_refused()
    {
        var order = NewOrder();
        await InSession(Open(), (sagas, session, bag) => sagas.Save(order, Correlation(order), session, bag));
        var second = NewOrder();
        second.OrderId = order.OrderId;
        await Assert.ThrowsAsync<InvalidOperationException>(() => InSession(Open(), (sagas, session, bag) => sagas.Save(second, Correlation(second), session, bag)));
    }

    [Fact]
    public async Task A_completed_instance_is_gone_however_it_was_found_and_its_correlation_is_free_again()
    {
        var order = NewOrder();
        foreach (var byId in new[] { true, false })
        {
            await InSession(Open(), (sagas, session, bag) => sagas.Save(order, Correlation(order), session, bag));
            await InSession(Open(), async (sagas, session, bag) =>
            {
                var found = byId ? await sagas.Get<OrderData>(order.Id, session, bag) : await sagas.Get<OrderData>(nameof(OrderData.OrderId), order.OrderId, session, bag);
                await sagas.Complete(found!, session, bag);
            });
        }

        Assert.Empty(Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(folder, "*.key", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_key_whose_state_is_gone_since_its_process_died_in_between_is_nobodys()
    {
        var order = NewOrder();
        await InSession(Open(), (sagas, session, bag) => sagas.Save(order, Correlation(order), session, bag));
        File.Delete(Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Single());
        await InSession(Open(), async (sagas, session, bag) => Assert.Null(await sagas.Get<OrderData>(nameof(OrderData.OrderId), order.OrderId, session, bag)));
        order.Id = Guid.NewGuid();
        await InSession(Open(), (sagas, session, bag) => sagas.Save(order, Correlation(order), session, bag));
        await InSession(Open(), async (sagas, session, bag) => Assert.Equal(order.Id, (await sagas.Get<OrderData>(nameof(OrderData.OrderId), order.OrderId, session, bag))!.Id));
    }

    [Fact]
    public async Task Sessions_take_turns_so_that_no_change_is_lost()
    {
        var order = NewOrder();
        await InSession(Open(), (sagas, session, bag) => sagas.Save(order, Correlation(order), session, bag));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => InSession(Open(), async (sagas, session, bag) =>
        {
            var found = (await sagas.Get<OrderData>(nameof(OrderData.OrderId), order.OrderId, session, bag))!;
            found.History.Add(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await sagas.Update(found, session, bag);
        }))));
        await InSession(Open(), async (sagas, session, bag) => Assert.Equal(21, (await sagas.Get<OrderData>(order.Id, session, bag))!.History.Count));
    }

    [Fact]
    public void The_outbox_is_refused()
    {
        var configuration = new EndpointConfiguration("Test");
        configuration.UseTransport(new LearningTransport { StorageDirectory = folder });
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.UsePersistence<LearningPersistence>().SagaStorageDirectory(folder);
        configuration.EnableOutbox();
        var refusal = Assert.Throws<InvalidOperationException>(() => new Microsoft.Extensions.DependencyInjection.ServiceCollection().AddNServiceBusEndpoint(configuration));
        Assert.Contains("EnableOutbox", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static OrderData NewOrder() =>
        new() { Id = Guid.NewGuid(), OriginalMessageId = "m1", Originator = "Sender", OrderId = Guid.NewGuid(), Item = "book", History = ["placed"] };

    private static SagaCorrelationProperty Correlation(OrderData order) => new(nameof(OrderData.OrderId), order.OrderId);

    private PersistenceInfrastructure Open()
    {
        var settings = new SettingsHolder();
        settings.Set(LearningPersistence.DirectoryKey, folder);
        return LearningPersistence.Create(settings).Initialize(new PersistenceHostSettings(
            "Test", settings, [SagaMetadataReader.Read(typeof(OrderSaga))], OutboxEnabled: false, (_, _, _) => { }, NullLoggerFactory.Instance, TimeProvider.System));
    }

    private static async Task InSession(PersistenceInfrastructure persistence, Func<ISagaPersister, ISynchronizedStorageSession, ContextBag, Task> act)
    {
        await using var session = persistence.CreateSession();
        var bag = new ContextBag();
        await session.Open(bag);
        await act(persistence.SagaPersister, session, bag);
        await session.CompleteAsync();
    }
}
