using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Bank.CommandLine.Client;
using Bank.CommandLine.Verbs;

namespace Bank.CommandLine.Tests.Projections;

/// <summary>What <c>bank rebuild</c> asks an endpoint for, and when it has what it wants.</summary>
public sealed class RebuildTests
{
    [Fact]
    public async Task All_are_built_anew_even_when_a_part_of_them_is_under_way()
    {
        var endpoint = new Endpoint { UnderWay = ["ledger"] };
        var rebuilt = await Rebuild(endpoint, null);
        Assert.Equal(["balances", "ledger"], rebuilt.Select(projection => projection.Name));
        Assert.Equal(["/projections/rebuild", "/projections/rebuild"], endpoint.Asked);
        Assert.All(rebuilt, projection => Assert.Equal("Done", projection.Rebuild!.State));
    }

    [Fact]
    public async Task One_that_is_under_way_is_joined()
    {
        var endpoint = new Endpoint { UnderWay = ["ledger"] };
        Assert.Equal(["ledger"], (await Rebuild(endpoint, "ledger")).Select(projection => projection.Name));
        Assert.Equal(["/projections/ledger/rebuild"], endpoint.Asked);
    }

    [Fact]
    public async Task One_that_ended_before_it_could_be_joined_is_begun()
    {
        var endpoint = new Endpoint { UnderWay = ["ledger"], EndsUnseen = true };
        Assert.Equal(["ledger"], (await Rebuild(endpoint, "ledger")).Select(projection => projection.Name));
        Assert.Equal(["/projections/ledger/rebuild", "/projections/ledger/rebuild"], endpoint.Asked);
    }

    [Fact]
    public async Task One_that_is_under_way_can_be_given_up_for_another()
    {
        var endpoint = new Endpoint { UnderWay = ["ledger"] };
        Assert.Equal(["ledger"], (await Rebuild(endpoint, "ledger", restart: true)).Select(projection => projection.Name));
        Assert.Equal(["/projections/ledger/rebuild?restart=true"], endpoint.Asked);
    }

    [Fact]
    public async Task One_that_is_not_there_is_refused_before_anything_is_begun()
    {
        var endpoint = new Endpoint();
        var refusal = await Assert.ThrowsAsync<VerbException>(() => Rebuild(endpoint, "nonsense"));
        Assert.Equal((ExitCode.Malformed, "There is no projection 'nonsense'; there are balances, ledger."), (refusal.ExitCode, refusal.Message));
        Assert.Empty(endpoint.Asked);
    }

    [Fact]
    public async Task One_that_a_newer_program_made_is_not_waited_for()
    {
        var endpoint = new Endpoint { Refusal = "A newer program has made version 2 of ledger." };
        var refusal = await Assert.ThrowsAsync<VerbException>(() => Rebuild(endpoint, "ledger"));
        Assert.Equal((ExitCode.Refused, endpoint.Refusal), (refusal.ExitCode, refusal.Message));
        Assert.Equal(["/projections/ledger/rebuild"], endpoint.Asked);
    }

    [Fact]
    public async Task One_whose_replay_is_refused_and_asked_for_again_is_not_waited_for()
    {
        var endpoint = new Endpoint { UnderWay = ["ledger"], Error = "Bank.Accounts refused the replay: EventTypes: UnknownType" };
        var waiting = Assert.Single(await Rebuild(endpoint, null));
        Assert.Equal(("ledger", true, endpoint.Error), (waiting.Name, waiting.Rebuild!.IsRefused, waiting.Rebuild.Error));
        Assert.Equal(["/projections/rebuild"], endpoint.Asked);
    }

    private static async Task<IReadOnlyList<ProjectionView>> Rebuild(Endpoint endpoint, string? name, bool restart = false)
    {
        using var client = new ProjectionClient("http://endpoint", endpoint);
        return await RebuildVerb.Rebuild(client, name, Verb.Silent(), CancellationToken.None, restart).WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>An endpoint with two projections, whose rebuilds end when they have been looked at twice.</summary>
    private sealed class Endpoint : HttpMessageHandler
    {
        private static readonly string[] Names = ["balances", "ledger"];

        private HashSet<string> built = [];
        private int looks;

        public HashSet<string> UnderWay { get; set; } = [];

        public bool EndsUnseen { get; init; }

        public string? Refusal { get; init; }

        /// <summary>Why what is under way does not end.</summary>
        public string? Error { get; init; }

        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(request.Method == HttpMethod.Post ? Begin(request.RequestUri!.PathAndQuery) : Look());

        private HttpResponseMessage Begin(string path)
        {
            Asked.Add(path);
            if (Refusal is not null)
            {
                return new HttpResponseMessage(HttpStatusCode.Conflict)
                {
                    Content = JsonContent.Create(new { title = "Older program", detail = Refusal }, new MediaTypeHeaderValue("application/problem+json")),
                };
            }

            if (path.EndsWith("?restart=true", StringComparison.Ordinal)) UnderWay = [];
            var wanted = Names.Where(name => path.StartsWith("/projections/rebuild", StringComparison.Ordinal) || path.Contains(name, StringComparison.Ordinal)).ToHashSet();
            if (UnderWay.Overlaps(wanted))
            {
                if (EndsUnseen) End();
                return new HttpResponseMessage(HttpStatusCode.Conflict);
            }

            (UnderWay, looks) = (wanted, 0);
            return new HttpResponseMessage(HttpStatusCode.Accepted);
        }

        private HttpResponseMessage Look()
        {
            var projections = Names.Select(name => new
            {
                name,
                version = 1,
                state = UnderWay.Contains(name) ? "Rebuilding" : "Following",
                generation = 1,
                rebuild = UnderWay.Contains(name) || built.Contains(name)
                    ? new { id = "1", state = UnderWay.Contains(name) ? "Running" : "Done", progress = 0.5, events = 10, startedAt = DateTimeOffset.UnixEpoch, error = UnderWay.Contains(name) ? Error : null }
                    : null,
            }).ToList();
            if (Asked.Count > 0 && Error is null && ++looks >= 2) End();
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { projections }) };
        }

        private void End() => (built, UnderWay, looks) = ([.. built, .. UnderWay], [], 0);
    }
}
