using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Bank.Hosting;

/// <summary>Health over HTTP, for supervisors and people.</summary>
public static class BankHealth
{
    private const string Ready = "ready";
    private const string Endpoint = "endpoint";

    /// <summary>
    /// Maps <c>/health/live</c> (the process answers) and <c>/health/ready</c> (it receives messages and reaches its database).
    /// 200 when healthy, 503 when not; the body is <c>{"status":"Healthy","checks":{"database":"Healthy"}}</c>, without details that an outsider could use.
    /// </summary>
    public static void MapBankHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = Write });
    }

    /// <summary>Adds a check that must pass before the endpoint counts as ready.</summary>
    public static IHealthChecksBuilder AddReadiness(this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task<HealthCheckResult>> check) =>
        services.AddHealthChecks().Add(new HealthCheckRegistration(name, provider => new DelegateHealthCheck(ct => check(provider, ct)), null, [Ready]));

    /// <summary>Whether a check is about what the endpoint depends on, rather than about its own start.</summary>
    internal static bool IsReadinessOfSurroundings(HealthCheckRegistration check) => check.Tags.Contains(Ready) && check.Name != Endpoint;

    internal static void AddBankHealth(this IServiceCollection services, BankDatabase database)
    {
        services.AddReadiness(Endpoint, (provider, _) => Task.FromResult(
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("Starting.")));
        services.AddReadiness("database", async (_, cancellationToken) =>
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            // A pooled connection opens without a word to the server.
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        });
    }

    private static Task Write(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString()),
        });

    private sealed class DelegateHealthCheck(Func<CancellationToken, Task<HealthCheckResult>> check) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => check(cancellationToken);
    }
}
