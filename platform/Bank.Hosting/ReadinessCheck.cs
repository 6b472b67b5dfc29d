using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bank.Hosting;

/// <summary>Shows operators in ServicePulse what <see cref="BankHealth"/> tells supervisors: whether the database answers and publishing goes on.</summary>
/// <param name="health">The health of the endpoint.</param>
public sealed class ReadinessCheck(HealthCheckService health) : CustomCheck("Readiness", "Bank", TimeSpan.FromSeconds(30))
{
    /// <inheritdoc />
    public override async Task<CheckResult> PerformCheck(CancellationToken cancellationToken = default)
    {
        var report = await health.CheckHealthAsync(BankHealth.IsReadinessOfSurroundings, cancellationToken);
        var failed = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Exception?.Message ?? "unhealthy"}").ToArray();
        return failed.Length == 0 ? CheckResult.Pass : CheckResult.Failed(string.Join(" ", failed));
    }
}
