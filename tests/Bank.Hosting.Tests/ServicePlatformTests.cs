using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bank.Hosting.Tests;

/// <summary>What an operator sees of an endpoint in ServicePulse.</summary>
public sealed class ServicePlatformTests
{
    [Fact]
    public void A_section_without_its_queue_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Configure("""{ "Metrics": { "Enabled": true, "Interval": "00:00:01" } }"""));
        Assert.StartsWith("Bank:ServicePlatform: Metrics.MetricsQueue: ", error.Message);
    }

    [Fact]
    public async Task The_readiness_of_what_an_endpoint_depends_on_is_a_custom_check()
    {
        var (healthy, reason) = (true, "the hub waits");
        var services = new ServiceCollection().AddLogging();
        services.AddReadiness("endpoint", (_, _) => Task.FromResult(HealthCheckResult.Unhealthy("Starting.")));
        services.AddReadiness("hub", (_, _) => Task.FromResult(healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(reason)));
        services.AddReadiness("database", (_, _) => healthy ? Task.FromResult(HealthCheckResult.Healthy()) : throw new IOException("no answer"));
        await using var provider = services.BuildServiceProvider();
        var check = new ReadinessCheck(provider.GetRequiredService<HealthCheckService>());

        Assert.False((await check.PerformCheck()).HasFailed);
        healthy = false;
        var result = await check.PerformCheck();
        Assert.True(result.HasFailed);
        Assert.Equal("hub: the hub waits database: no answer", result.FailureReason);
    }

    private static void Configure(string platform)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Bank:ServicePlatform"] = platform });
        BankEndpoint.Configure<ITestCommand, ITestEvent>(builder, "Bank.Test");
    }

    private interface ITestCommand;

    private interface ITestEvent;
}
