using System.Text.Json.Nodes;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

public abstract class StoreBehaviour(StoreFixture fixture) : IAsyncLifetime
{
    private readonly List<IStreamStore> _opened = [];

    protected StoreFixture Fixture { get; } = fixture;

    protected IStreamStore Store { get; private set; } = null!;

    protected DateTime Now { get; set; } = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public async Task InitializeAsync()
    {
        await Fixture.Reset();
        Store = await Open();
    }

    public Task DisposeAsync()
    {
        foreach (var store in _opened) store.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>One more store on the same database, as another process would have.</summary>
    protected async Task<IStreamStore> Open()
    {
        var store = await Fixture.Open(() => Now);
        _opened.Add(store);
        return store;
    }

    protected static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    protected static NewStreamMessage[] Messages(params int[] ids) => [.. ids.Select(id => new NewStreamMessage(Id(id), "type", $$"""{"number":{{id}}}"""))];

    protected static async Task Until(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "Never happened: " + what);
            await Task.Delay(10);
        }
    }

    protected static void AssertSameJson(string expected, string? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual!)), $"Expected {expected} but it is {actual}");
}
