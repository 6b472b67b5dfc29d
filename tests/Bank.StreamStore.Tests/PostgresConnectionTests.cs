using System.Transactions;
using Bank.StreamStore.Streams;
using Npgsql;

namespace Bank.StreamStore.Tests;

/// <summary>Whatever connections are like, what a store promises holds.</summary>
public sealed class PostgresConnectionTests(PostgresFixture fixture) : StoreBehaviour(fixture), IClassFixture<PostgresFixture>
{
    private PostgresFixture Postgres => (PostgresFixture)Fixture;

    [SkippableTheory]
    [InlineData("Maximum Pool Size=1;Timeout=5")]
    [InlineData("Pooling=false")]
    [InlineData("Multiplexing=true")]
    [InlineData("No Reset On Close=false;Max Auto Prepare=100;Command Timeout=5")]
    public async Task A_store_works_whatever_the_connection_string_says_about_pooling(string settings)
    {
        using var store = new PostgresStreamStore(new PostgresStreamStoreSettings($"{Postgres.ConnectionString};{settings}")
        {
            Schema = Postgres.Schema, LookInterval = TimeSpan.FromMinutes(10), ScavengeAsynchronously = false,
        });
        var seen = 0;
        using var subscription = store.SubscribeToAll(null, (_, _, _) => Task.FromResult(Interlocked.Increment(ref seen)));
        await store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2, 3));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => store.AppendToStream($"s{number}", ExpectedVersion.NoStream, Messages(1))));
        await store.SetStreamMetadata("a", maxCount: 2);
        await store.DeleteMessage("a", Id(3));
        Assert.Single((await store.ReadStreamForwards("a", 0, 10)).Messages);
        AssertSameJson("""{"number":2}""", await (await store.ReadStreamForwards("a", 0, 10, prefetchJsonData: false)).Messages[0].GetJsonData());
        await Until(() => Volatile.Read(ref seen) >= 55, "what the store appended itself");
        var before = Volatile.Read(ref seen);
        await Store.AppendToStream("other", ExpectedVersion.NoStream, Messages(1));
        await Until(() => Volatile.Read(ref seen) > before, "what another process appended");
    }

    [SkippableFact]
    public async Task What_was_acknowledged_is_there_whatever_becomes_of_a_transaction_around_it()
    {
        using (new TransactionScope(TransactionScopeOption.Required, TimeSpan.FromMinutes(1), TransactionScopeAsyncFlowOption.Enabled))
        {
            await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
            await Store.AppendToStream("a", 0, Messages(2));
            await Store.DeleteMessage("a", Id(2));
            await Store.SetStreamMetadata("a", maxCount: 5);
            Assert.Single((await Store.ReadStreamForwards("a", 0, 10)).Messages);
        }

        var other = await Open();
        Assert.Equal([Id(1)], (await other.ReadStreamForwards("a", 0, 10)).Messages.Select(message => message.MessageId));
        Assert.Equal(5, (await other.GetStreamMetadata("a")).MaxCount);
    }

    [SkippableTheory]
    [InlineData("order")]
    [InlineData("User")]
    [InlineData("1st")]
    [InlineData("MiXed")]
    public async Task A_schema_may_have_any_name_of_letters_digits_and_underscores(string name)
    {
        var connectionString = Postgres.ConnectionString;
        using var store = new PostgresStreamStore(new PostgresStreamStoreSettings(connectionString) { Schema = name });
        Assert.Equal(0, (await store.CheckSchema()).CurrentVersion);
        await store.CreateSchemaIfNotExists();
        Assert.True((await store.CheckSchema()).IsMatch);
        await store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2));
        await store.AppendToStream("a", 1, Messages(3));
        await store.DeleteMessage("a", Id(1));
        Assert.Equal(2, (await store.ReadStreamForwards("a", 0, 10)).Messages.Length);
        Assert.Equal(3, (await store.ReadAllForwards(0, 10)).Messages.Length);
        // As PostgreSQL does with a name that is not quoted, and so SqlStreamStore.
        using var other = new PostgresStreamStore(new PostgresStreamStoreSettings(connectionString) { Schema = name.ToLowerInvariant(), LookInterval = TimeSpan.FromMinutes(10) });
        var seen = 0;
        using var subscription = other.SubscribeToAll(null, (_, _, _) => Task.FromResult(Interlocked.Increment(ref seen)));
        await Until(() => Volatile.Read(ref seen) == 3, "what is there");
        await store.AppendToStream("b", ExpectedVersion.NoStream, Messages(1));
        await Until(() => Volatile.Read(ref seen) == 4, "what comes");
        await store.DropAll();
        Assert.Equal(0, (await store.CheckSchema()).CurrentVersion);
    }
}
