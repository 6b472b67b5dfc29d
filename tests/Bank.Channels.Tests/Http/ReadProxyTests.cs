using System.Net;
using Bank.Hosting;
using Bank.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bank.Channels.Tests.Http;

/// <summary>Reads are passed on to their owners, and answers come back as they are.</summary>
public sealed class ReadProxyTests : IAsyncLifetime
{
    private readonly WebApplication accounts = Owner("accounts");
    private readonly WebApplication projections = Owner("projections");
    private readonly WebApplication transfers = Owner("transfers");
    private EndpointDatabase? database;
    private ChannelsApp? started;
    private WebApplicationFactory<Program>? gateway;

    public async Task InitializeAsync()
    {
        await Task.WhenAll(accounts.StartAsync(), projections.StartAsync(), transfers.StartAsync());
        database = (await EndpointDatabase.Create(DatabaseKind.Sqlite))!;
        started = new ChannelsApp(database);
        gateway = started.WithWebHostBuilder(builder =>
            builder.UseSetting("Bank:Services:Accounts", accounts.Urls.Single()).UseSetting("Bank:Services:Projections", projections.Urls.Single()).UseSetting("Bank:Services:Transfers", transfers.Urls.Single()));
    }

    public async Task DisposeAsync()
    {
        await started!.DisposeAsync();
        await database!.DisposeAsync();
        await accounts.DisposeAsync();
        await projections.DisposeAsync();
        await transfers.DisposeAsync();
    }

    [Theory]
    [InlineData("/accounts/a:1/commands", "accounts")]
    [InlineData("/accounts/a:1/events?from=2&limit=3", "accounts")]
    [InlineData("/accounts?limit=2&after=a", "projections")]
    [InlineData("/accounts/a:1?asOf=2026-03-01T14:02:00%2B02:00", "projections")]
    [InlineData("/accounts/a:1/end-of-day?from=2026-03-01&to=2026-04-01", "projections")]
    [InlineData("/accounts/a:1/end-of-day.png?from=2026-03-01&to=2026-04-01&width=640", "projections")]
    [InlineData("/accounts/a:1/statement?from=2026-03-01&to=2026-04-01", "projections")]
    [InlineData("/transfers?state=failed", "projections")]
    [InlineData("/transfers/0b5b4a9c-7ef6-4f4f-9f0d-6c1f1a1d9d11", "projections")]
    [InlineData("/transfers/0b5b4a9c-7ef6-4f4f-9f0d-6c1f1a1d9d11/events?from=2&limit=3", "transfers")]
    [InlineData("/ledger/trial-balance?asOf=2026-03-01", "projections")]
    public async Task A_read_reaches_the_endpoint_that_owns_the_answer_with_its_parameters(string address, string owner)
    {
        var answer = await Answer.ToGet(gateway!, address);

        Assert.Equal((HttpStatusCode.OK, $"{owner} GET {address}"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_problem_comes_back_as_its_owner_told_it()
    {
        var answer = await Answer.ToGet(gateway!, "/accounts/unknown");

        Assert.Equal("told by projections", answer.Problem(HttpStatusCode.NotFound).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task An_owner_that_is_down_is_a_bad_gateway_and_commands_are_taken_all_the_same()
    {
        await accounts.StopAsync();
        await projections.StopAsync();
        await transfers.StopAsync();

        (await Answer.ToGet(gateway!, "/accounts/a:1/events")).Problem(HttpStatusCode.BadGateway);
        (await Answer.ToGet(gateway!, "/transfers")).Problem(HttpStatusCode.BadGateway);
        (await Answer.ToGet(gateway!, "/transfers/0b5b4a9c-7ef6-4f4f-9f0d-6c1f1a1d9d11/events")).Problem(HttpStatusCode.BadGateway);
        Assert.Equal(HttpStatusCode.Accepted, (await Answer.ToCommand(gateway!, "close", null, Answer.Caller())).Status);
    }

    [Theory]
    [InlineData("POST", "/transfers")]
    [InlineData("DELETE", "/accounts/a:1")]
    [InlineData("PUT", "/accounts/a:1/events")]
    public async Task Nothing_but_reads_is_passed_on(string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        (await Answer.To(gateway!, request)).Problem(HttpStatusCode.MethodNotAllowed);
    }

    private static WebApplication Owner(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var owner = builder.Build();
        owner.MapGet("/accounts/unknown", () => Results.Problem(statusCode: 404, detail: $"told by {name}"));
        owner.MapFallback("{**path}", (HttpRequest request) => $"{name} {request.Method} {request.Path}{request.QueryString}");
        return owner;
    }
}
