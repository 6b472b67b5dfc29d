using Bank.Benchmarks.Store;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Microsoft.Data.Sqlite;

namespace Bank.Benchmarks.Tests;

/// <summary>That the benchmark of long histories handles what it says, on accounts as long as it says.</summary>
public sealed class LongAccountTests : IDisposable
{
    private const int LongHistory = 1200;
    private const int Commands = 50;

    private readonly string file = Path.Combine(Path.GetTempPath(), $"bench-{Guid.NewGuid():N}.db");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_command_is_handled_for_accounts_of_the_length_that_was_asked(bool isFresh)
    {
        using var store = Open();
        await store.CreateSchemaIfNotExists();
        var account = new LongAccount(Open, LongHistory);
        await account.Create(CancellationToken.None);
        Assert.Equal([LongHistory], await Lengths(store));

        Assert.True(await account.HandleLong(Commands, isFresh, CancellationToken.None) > 0);
        Assert.Equal([LongHistory + Commands], await Lengths(store));

        Assert.True(await account.HandleShort(Commands, isFresh, CancellationToken.None) > 0);
        // As many commands each as there were events, and the rest.
        Assert.Equal([LongHistory + Commands, 40, 40, 30], await Lengths(store));
        var types = (await store.ReadAllForwards(0, 10_000)).Messages.Select(message => message.Type);
        Assert.Equal(["account-opened", "money-deposited"], types.Distinct());
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        foreach (var part in (string[])["", "-wal", "-shm"]) File.Delete(file + part);
    }

    private static async Task<IEnumerable<int>> Lengths(IStreamStore store)
    {
        var lengths = new List<int>();
        foreach (var stream in (await store.ListStreams()).StreamIds) lengths.Add(await store.ReadStreamHeadVersion(stream) + 1);
        return lengths;
    }

    private SqliteStreamStore Open() => new(new SqliteStreamStoreSettings($"Data Source={file}"));
}
