using System.Net;
using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Transfers;
using Bank.Hosting;
using Bank.Hub;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.Testing.Servers;
using Bank.Transfers.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Transfers.Tests.Http;

/// <summary>The journal of a transfer, as it is asked for over HTTP.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private static readonly Guid Transfer = new("aaaaaaaa-0000-0000-0000-000000000001");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Origin Origin = new() { RequestedBy = "alice", Channel = "branch", RequestedAt = Noon, Purpose = "rent" };

    private readonly TransferInitiated initiated = new()
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = Noon, Origin = Origin, TransferId = Transfer,
        PayerAccountId = "payer", PayeeAccountId = "payee", Amount = new(1000, "EUR"), Deadline = Noon.AddMinutes(5),
    };

    private readonly TransferFailed failed = new()
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = Noon.AddSeconds(1), Origin = Origin, TransferId = Transfer,
        PayerAccountId = "payer", PayeeAccountId = "payee", Amount = new(1000, "EUR"), Reason = "InsufficientFunds",
    };

    private EndpointDatabase? database;
    private TransfersApp? app;

    public async Task InitializeAsync()
    {
        app = new TransfersApp((database = await EndpointDatabase.Create(DatabaseKind.Sqlite))!);
        var journal = app.Services.GetRequiredService<IStreamStore>();
        foreach (var told in new ITransferEvent[] { initiated, failed })
            await journal.AppendToStream(JournalContracts.StreamOf(Transfer), ExpectedVersion.Any, JournalContracts.Write(told, new EventMetadata()));
    }

    public async Task DisposeAsync()
    {
        await app!.DisposeAsync();
        await database!.DisposeAsync();
    }

    [Fact]
    public async Task A_transfer_tells_what_happened_to_it_event_by_event()
    {
        var history = await app!.Get($"/transfers/{Transfer}/events");

        Assert.Equal((Transfer, 1, JsonValueKind.Null), (history.GetProperty("transferId").GetGuid(), history.GetProperty("lastVersion").GetInt32(), history.GetProperty("next").ValueKind));
        var events = history.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(
            [(0, "TransferInitiated", initiated.EventId), (1, "TransferFailed", failed.EventId)],
            events.Select(item => (item.GetProperty("version").GetInt32(), item.GetProperty("type").GetString(), item.GetProperty("eventId").GetGuid())));
        Assert.Equal(initiated, events[0].GetProperty("data").Deserialize<TransferInitiated>(MessageJson.Web));
        Assert.Equal(failed, events[1].GetProperty("data").Deserialize<TransferFailed>(MessageJson.Web));
        // As the rest of the HTTP API names members.
        Assert.Equal("rent", events[1].GetProperty("data").GetProperty("origin").GetProperty("purpose").GetString());
    }

    [Fact]
    public async Task It_is_read_a_page_at_a_time()
    {
        var first = await app!.Get($"/transfers/{Transfer}/events?limit=1");
        var second = await app.Get($"/transfers/{Transfer}/events?limit=1&from={first.GetProperty("next").GetInt32()}");

        Assert.Equal("TransferInitiated", Assert.Single(first.GetProperty("events").EnumerateArray()).GetProperty("type").GetString());
        Assert.Equal("TransferFailed", Assert.Single(second.GetProperty("events").EnumerateArray()).GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("from", "-1")]
    [InlineData("from", "first")]
    [InlineData("limit", "0")]
    [InlineData("limit", "1001")]
    public async Task What_cannot_be_a_page_is_refused_by_name_and_reason(string parameter, string value)
    {
        var problem = await app!.Get($"/transfers/{Transfer}/events?{parameter}={value}", HttpStatusCode.BadRequest);

        Assert.Contains("must be a whole number", problem.GetProperty("errors").GetProperty(parameter)[0].GetString());
    }

    [Fact]
    public async Task A_transfer_that_nobody_told_of_is_unknown()
    {
        var unknown = Guid.NewGuid();

        Assert.Contains(unknown.ToString(), (await app!.Get($"/transfers/{unknown}/events", HttpStatusCode.NotFound)).GetProperty("detail").GetString());
        await app!.Get("/transfers/seven/events", HttpStatusCode.NotFound);
    }
}
