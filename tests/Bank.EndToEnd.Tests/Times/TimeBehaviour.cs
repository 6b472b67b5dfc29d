using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Bank.CommandLine;
using Bank.CommandLine.Verification;

namespace Bank.EndToEnd.Tests.Times;

/// <summary>
/// Questions about value dates and times of recording, asked of the gateway. The account was opened ten days ago; 100.00 were deposited eight days ago, 50.00
/// four days ago (half a second past noon) with a value date of six days ago, and 30.00 are withdrawn now with a value date of five days ago.
/// </summary>
public abstract class TimeBehaviour(RunningBank bank)
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(DateTime.UtcNow);

    private Accounts Accounts => new(bank.Client);

    [SkippableFact]
    public async Task A_balance_is_told_as_of_a_value_date_as_known_at_a_recording_time_and_both()
    {
        var (id, withdrawn) = await Story();

        Assert.Equal(["0.00", "100.00", "100.00", "150.00", "120.00", "120.00"], await Each([9, 8, 7, 6, 5, 0], day => Balance(id, $"valueDate={Day(day)}")));
        Assert.Equal(["100.00", "150.00", "150.00"], await Each([Noon(7), Noon(3), withdrawn], instant => Balance(id, $"knownAt={Iso(instant)}")));
        Assert.Equal(["0.00", "100.00", "150.00"], await Each([Noon(9), Noon(7), withdrawn], instant => Balance(id, $"valueDate={Day(5)}&knownAt={Iso(instant)}")));
        Assert.Equal("100.00", await Balance(id, $"valueDate={Day(6)}&knownAt={Iso(Noon(5))}"));
        Assert.Equal(["0.00", "100.00", "150.00"], await Each([Noon(9), Noon(5), withdrawn], instant => Balance(id, $"asOf={Iso(instant)}")));
        Assert.Null(await bank.Client.Get($"/accounts/{id}?valueDate={Day(11)}", CancellationToken.None));
        Assert.Null(await bank.Client.Get($"/accounts/{id}?knownAt={Iso(Noon(11))}", CancellationToken.None));
        Assert.Empty(await bank.BrokenInvariants());
    }

    [SkippableFact]
    public async Task A_statement_is_told_as_of_a_value_date_as_known_at_a_recording_time_and_both()
    {
        var (id, withdrawn) = await Story();

        Assert.Equal([("100.00", "100.00"), ("50.00", "150.00"), ("-30.00", "120.00")], await Lines(id, ""));
        Assert.Equal([("100.00", "100.00"), ("50.00", "150.00")], await Lines(id, $"valueDate={Day(6)}"));
        Assert.Equal([("50.00", "150.00"), ("-30.00", "120.00")], await Lines(id, $"valueFrom={Day(6)}&valueDate={Day(0)}"));
        Assert.Equal([("100.00", "100.00")], await Lines(id, $"knownAt={Iso(Noon(5))}"));
        Assert.Equal([("100.00", "100.00"), ("50.00", "150.00")], await Lines(id, $"valueDate={Day(0)}&knownAt={Iso(withdrawn)}"));
        Assert.Equal([("100.00", "100.00")], await Lines(id, $"valueDate={Day(6)}&knownAt={Iso(Noon(5))}"));
        // By recording, the same entries belong to other days.
        Assert.Equal([("50.00", "150.00")], await Lines(id, $"from={Day(4)}&to={Day(3)}"));
    }

    [SkippableFact]
    public async Task The_balance_of_each_day_is_told_and_charted_on_the_command_line()
    {
        var (id, withdrawn) = await Story();

        string[] now = ["0.00", "100.00", "100.00", "150.00", "120.00", "120.00"], before = [.. now[..4], "150.00", "150.00"];
        Assert.Equal(now, Balances(await Days(id, "")));
        Assert.Equal(before, Balances(await Days(id, $"&knownAt={Iso(withdrawn)}")));

        var (code, json) = await Run("account", id, "--chart", "--from", Day(9), "--to", Day(4), "--known-at", withdrawn.ToString("O"), "--json");
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(before, Balances(JsonDocument.Parse(json).RootElement));
        (code, var chart) = await Run("account", id, "--chart", "--from", Day(9), "--to", Day(4));
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains($"Lowest 0.00 EUR on {Day(9)}, highest 150.00 EUR on {Day(6)}, at the end 120.00 EUR.", chart);
        // Days of four columns each: the fourth alone reaches the top.
        Assert.Equal("150.00 │" + new string(' ', 12) + "████", chart.Split('\n')[1].TrimEnd());
        Assert.Equal(ExitCode.Refused, (await Run("account", Accounts.NewId("nobody"), "--chart")).ExitCode);
    }

    [SkippableFact]
    public async Task The_balance_over_time_is_a_picture()
    {
        var (id, withdrawn) = await Story();
        using var http = new HttpClient { BaseAddress = new Uri(bank.Processes.Plan.ChannelsUrl) };
        var range = $"/accounts/{id}/end-of-day.png?from={Day(9)}&to={Day(4)}";

        var now = await Picture(range + "&width=640&height=320");
        // The titles say the same second; only what was known differs.
        var (before, after) = (await Picture(Known(Noon(4).AddSeconds(0.1))), await Picture(Known(Noon(4).AddSeconds(0.9))));
        var wide = await Picture(range + "&width=2000&height=320");

        Assert.Equal([(640, 320), (640, 320), (2000, 320)], new[] { now, before, wide }.Select(Size));
        Assert.NotEqual(before, after);
        Assert.Equal(after, await Picture(Known(Noon(4).AddSeconds(0.8))));
        Assert.NotEqual(now, after);
        Assert.Equal(now, await Picture(range + "&width=640&height=320"));
        using var refused = await http.GetAsync(range + "&width=1");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        Assert.Contains("\"width\"", await refused.Content.ReadAsStringAsync());

        string Known(DateTimeOffset at) => $"{range}&width=640&height=320&knownAt={Iso(at)}";

        async Task<byte[]> Picture(string address)
        {
            using var response = await http.GetAsync(address);
            Assert.Equal((HttpStatusCode.OK, "image/png"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            return await response.Content.ReadAsByteArrayAsync();
        }

        // The header of a PNG file begins with eight bytes of signature, a length and a name; then come width and height.
        static (int, int) Size(byte[] png) => (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    /// <returns>The account, and an instant right before the last withdrawal.</returns>
    private async Task<(string Id, DateTimeOffset Withdrawn)> Story()
    {
        Skip.If(bank.Missing is not null, bank.Missing);
        var id = Accounts.NewId("past");
        using var store = new FactReader(bank.Processes.Plan).OpenStreams();
        var past = new AccountPast(store, id);
        await past.Open(Noon(10));
        await past.Deposit(100, Noon(8));
        await past.Deposit(50, Noon(4).AddSeconds(0.5), Today.AddDays(-6));
        await Accounts.HasBalance(id, 150);
        var before = DateTimeOffset.UtcNow;
        await Accounts.Completed(id, "withdraw", new { amount = "30.00", currency = "EUR", valueDate = Day(5) });
        await Accounts.HasBalance(id, 120);
        // The last view to follow.
        await bank.Client.Await(
            $"/accounts/{id}/statement", statement => statement.GetProperty("lines").GetArrayLength() == 3, TimeSpan.FromMinutes(2), CancellationToken.None);
        return (id, before);
    }

    private async Task<string> Balance(string id, string query) => Amount((await bank.Client.Get($"/accounts/{id}?{query}", CancellationToken.None))!.Value, "balance");

    private async Task<(string Amount, string Balance)[]> Lines(string id, string query) =>
        [.. (await bank.Client.Get($"/accounts/{id}/statement?{query}", CancellationToken.None))!.Value.GetProperty("lines").EnumerateArray().Select(line => (Amount(line, "amount"), Amount(line, "balance")))];

    private async Task<JsonElement> Days(string id, string query) =>
        (await bank.Client.Get($"/accounts/{id}/end-of-day?from={Day(9)}&to={Day(4)}{query}", CancellationToken.None))!.Value;

    private static string[] Balances(JsonElement endOfDay) => [.. endOfDay.GetProperty("days").EnumerateArray().Select(day => Amount(day, "balance"))];

    private static async Task<string[]> Each<T>(T[] asked, Func<T, Task<string>> ask)
    {
        var answers = new List<string>();
        foreach (var one in asked) answers.Add(await ask(one));
        return [.. answers];
    }

    private static string Amount(JsonElement element, string name) => element.GetProperty(name).GetProperty("amount").GetString()!;

    private static DateTimeOffset Noon(int daysAgo) => new(Today.AddDays(-daysAgo), new TimeOnly(12, 0), TimeSpan.Zero);

    private static string Day(int daysAgo) => Today.AddDays(-daysAgo).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset instant) => Uri.EscapeDataString(instant.ToString("O"));

    private async Task<(int ExitCode, string Output)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ExitCode).Assembly.Location, .. arguments, "--url", bank.Processes.Plan.ChannelsUrl]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}

[Collection(nameof(SharedEmbeddedBank))]
public sealed class EmbeddedTimeTests(EmbeddedBank bank) : TimeBehaviour(bank);

[Collection(nameof(SharedServerBank))]
public sealed class ServerTimeTests(ServerBank bank) : TimeBehaviour(bank);
