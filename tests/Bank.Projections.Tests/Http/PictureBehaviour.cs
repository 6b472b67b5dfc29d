using System.Globalization;
using Bank.Hosting;
using Bank.Projections.Tests.Pictures;
using Bank.Testing.Servers;

namespace Bank.Projections.Tests.Http;

/// <summary>The picture shows what end-of-day tells. Events of a story are recorded on 2026-03-01, a minute apart from noon.</summary>
public sealed class PictureBehaviour : IAsyncLifetime
{
    private const string Range = "from=2026-02-26&to=2026-03-01";

    private EndpointDatabase? database;
    private ProjectionsApp? app;

    public async Task InitializeAsync() => app = new ProjectionsApp((database = await EndpointDatabase.Create(DatabaseKind.Sqlite))!);

    public async Task DisposeAsync()
    {
        await app!.DisposeAsync();
        await database!.DisposeAsync();
    }

    [Fact]
    public async Task It_shows_the_balance_of_each_day_by_value_date()
    {
        await app!.Handle(new AccountStory("alice").Opened().Deposited(10_000, "2026-02-26").Withdrawn(5_000, "2026-02-27").Withdrawn(10_000, "2026-03-01").Events);

        var picture = new DrawnPicture(await app.Picture($"/accounts/alice/end-of-day.png?{Range}"));

        Assert.Equal((800, 400), picture.Size);
        var rows = Enumerable.Range(0, 4).Select(day => picture.RowOf(day, 4)).ToArray();
        Assert.Equal(rows[1], rows[2]);
        Assert.InRange((rows[3] - rows[1]) / (rows[1] - rows[0]), 1.9, 2.1);
    }

    [Fact]
    public async Task What_was_recorded_later_is_left_out()
    {
        await app!.Handle(new AccountStory("alice").Opened().Deposited(10_000, "2026-02-26").Withdrawn(5_000, "2026-02-27").Events);

        var first = AccountStory.Minute(1).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var (then, now) = (new DrawnPicture(await app.Picture($"/accounts/alice/end-of-day.png?{Range}&knownAt={first}")), new DrawnPicture(await app.Picture($"/accounts/alice/end-of-day.png?{Range}")));

        Assert.Equal(then.RowOf(0, 4), then.RowOf(3, 4));
        Assert.True(now.RowOf(3, 4) > now.RowOf(0, 4) + 50);
    }

    [Fact]
    public async Task It_is_as_large_as_asked_for()
    {
        await app!.Handle(new AccountStory("alice").Opened().Deposited(long.MaxValue).Events);

        Assert.Equal((300, 200), new DrawnPicture(await app.Picture("/accounts/alice/end-of-day.png?from=2026-03-01&to=2026-03-01&width=300&height=200")).Size);
        Assert.Equal((2_000, 2_000), new DrawnPicture(await app.Picture("/accounts/alice/end-of-day.png?from=2016-03-01&to=2026-03-01&width=2000&height=2000")).Size);
    }

    [Fact]
    public async Task The_description_says_that_it_is_a_PNG_file()
    {
        var content = (await app!.Get("/openapi/v1.json")).GetProperty("paths").GetProperty("/accounts/{id}/end-of-day.png").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content");
        Assert.Equal(["image/png"], content.EnumerateObject().Select(type => type.Name));
    }
}
