using Bank.Hub.Projections;

namespace Bank.Hub.Tests.Projections;

/// <summary>Processes that keep the counters of a history in one database.</summary>
public abstract class CounterStory(ViewDatabase views) : IAsyncLifetime
{
    private protected static readonly Counted[] History = [.. Enumerable.Range(0, 20).Select(number => new Counted($"counter-{number % 4}", number / 4, 100 + number))];

    private readonly List<ProjectionProcess> processes = [];

    private protected ViewDatabase Views => views;

    private protected ProjectionDatabase Database { get; private set; } = null!;

    public async Task InitializeAsync() => Database = await views.Prepare();

    public async Task DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
        await views.DisposeAsync();
    }

    private protected Task<ProjectionProcess> Start(int version = 1) => Start(CounterProjection.Catalog(version));

    private protected async Task<ProjectionProcess> Start(ProjectionCatalog catalog, TimeProvider? clock = null)
    {
        var process = await ProjectionProcess.Start(Database, catalog, clock);
        processes.Add(process);
        return process;
    }

    /// <summary>A process whose projection holds a history and follows.</summary>
    private protected async Task<ProjectionProcess> Started(params Counted[] history)
    {
        var process = await Start();
        await process.Replay(await process.Asked(), history);
        await process.UntilFollowing(1);
        return process;
    }

    private protected Task<List<Generation>> Generations() =>
        Database.Within(null, transaction => ProjectionRegistry.Generations(transaction, CancellationToken.None), CancellationToken.None);

    private protected async Task Stop(ProjectionProcess process)
    {
        processes.Remove(process);
        await process.DisposeAsync();
    }

    private protected async Task AssertHolds(IReadOnlyList<Counted> history, int factor)
    {
        Assert.Equal(history.Select(counted => $"{counted.Name} {counted.Version} {counted.Value * factor}").Order(StringComparer.Ordinal), await Rows("step"));
        Assert.Equal(
            history.GroupBy(counted => counted.Name).Select(group => group.MaxBy(counted => counted.Version)!).Select(counted => $"{counted.Name} {counted.Version} {counted.Value * factor}").Order(StringComparer.Ordinal),
            await Rows("counter"));
    }

    private async Task<List<string>> Rows(string table)
    {
        await using var connection = await Views.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name, version, value FROM {table}";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add($"{reader.GetString(0)} {reader.GetInt64(1)} {reader.GetInt64(2)}");
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
