using Bank.Hub.Projections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bank.Hosting;

/// <summary>Projections over HTTP, for operators: how they are, and the wish to have one built anew.</summary>
public static class BankProjections
{
    private const string Path = "/projections";

    /// <summary>
    /// Maps <c>GET /projections</c>, <c>GET /projections/{name}</c> and <c>POST /projections/{name}/rebuild</c>, the answers of which are <see cref="ProjectionStatus"/>.
    /// A rebuild is 202 with the address to ask how far it is, or 409 while one is under way, and, as problem details, when a newer program made the tables; with <c>?restart=true</c> one that is under way is given up first.
    /// <c>POST /projections/rebuild</c> is about all at once.
    /// </summary>
    public static void MapProjections(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, All).WithSummary("The projections: how far behind they are, what is missing, what fills them.");
        app.MapGet(Path + "/{name}", One).WithSummary("One projection.");
        app.MapPost(Path + "/rebuild", RebuildAll).WithSummary("Builds all projections anew beside those that answer, and swaps them together.");
        app.MapPost(Path + "/{name}/rebuild", Rebuild).WithSummary("Builds a projection anew beside the one that answers, and swaps it.");
    }

    private static async Task<IResult> All(ProjectionMonitor monitor, CancellationToken cancellationToken) => Results.Ok(new { projections = await monitor.Read(cancellationToken) });

    private static async Task<IResult> One(string name, ProjectionMonitor monitor, CancellationToken cancellationToken) =>
        await Find(name, monitor, cancellationToken) is { } found ? Results.Ok(found) : Unknown(name);

    private static async Task<IResult> Rebuild(string name, string? restart, Rebuilds rebuilds, ProjectionMonitor monitor, CancellationToken cancellationToken)
    {
        if (await Find(name, monitor, cancellationToken) is null) return Unknown(name);
        if (!TryRestart(restart, out var givesUp)) return NoRestart(restart);
        return await Begin([name], givesUp, $"{Path}/{name}", rebuilds, async () => await Find(name, monitor, cancellationToken), cancellationToken);
    }

    private static async Task<IResult> RebuildAll(string? restart, Rebuilds rebuilds, ProjectionMonitor monitor, CancellationToken cancellationToken)
    {
        if (!TryRestart(restart, out var givesUp)) return NoRestart(restart);
        var all = await monitor.Read(cancellationToken);
        return await Begin(
            [.. all.Select(projection => projection.Name)], givesUp, Path, rebuilds, async () => new { projections = await monitor.Read(cancellationToken) }, cancellationToken);
    }

    private static async Task<IResult> Begin(string[] names, bool givesUp, string location, Rebuilds rebuilds, Func<Task<object?>> status, CancellationToken cancellationToken)
    {
        try
        {
            if (givesUp) await rebuilds.GiveUp(names, cancellationToken);
            return await rebuilds.Start(names, cancellationToken) ? Results.Accepted(location, await status()) : Results.Conflict(await status());
        }
        catch (OutdatedProgramException exception)
        {
            return Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "Older program", detail: exception.Message);
        }
    }

    private static async Task<ProjectionStatus?> Find(string name, ProjectionMonitor monitor, CancellationToken cancellationToken) =>
        (await monitor.Read(cancellationToken)).FirstOrDefault(projection => projection.Name == name);

    // A text rather than a truth value: what is none is then refused by name.
    private static bool TryRestart(string? text, out bool restart)
    {
        restart = false;
        return string.IsNullOrEmpty(text) || bool.TryParse(text, out restart);
    }

    private static IResult NoRestart(string? text) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { ["restart"] = [$"'{text}' is neither true nor false."] });

    private static IResult Unknown(string name) =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown projection", detail: $"There is no projection '{name}' here.");
}
