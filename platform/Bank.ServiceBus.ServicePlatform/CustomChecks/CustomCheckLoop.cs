using System.Text.Json;
using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.ServicePlatform;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.CustomChecks;

/// <summary>Runs one check, once or again and again, and reports each result.</summary>
internal sealed class CustomCheckLoop(ICustomCheck check, PlatformQueue to, TimeSpan? timeToLive, EndpointSurroundings endpoint, ILogger logger)
{
    private static readonly TimeSpan OtherAttemptAfter = TimeSpan.FromMinutes(1);

    public async Task Run(CancellationToken stopping)
    {
        if (check.Interval is not { } interval)
        {
            await ReportOnce(stopping);
            return;
        }

        while (true)
        {
            await TryReport(await Perform(stopping), timeToLive ?? interval * 4, stopping);
            await Task.Delay(interval, endpoint.Clock, stopping);
        }
    }

    // No later run would make up for the report that could not be sent.
    private async Task ReportOnce(CancellationToken stopping)
    {
        var report = await Perform(stopping);
        while (!await TryReport(report, null, stopping)) await Task.Delay(OtherAttemptAfter, endpoint.Clock, stopping);
    }

    private async Task<byte[]> Perform(CancellationToken stopping)
    {
        CheckResult result;
        try
        {
            result = await check.PerformCheck(stopping) ?? throw new InvalidOperationException("It returned no result.");
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            logger.LogWarning(exception, "The custom check {CustomCheck} could not be carried out.", check.GetType().FullName);
            result = CheckResult.Failed($"The check {check.GetType().FullName} with id '{check.Id}' in category '{check.Category}' threw {exception.GetType().FullName}: {exception.Message}");
        }

        var host = endpoint.Host;
        var report = new ReportCustomCheckResult(
            host.Id(), check.Id, check.Category, result.HasFailed, result.FailureReason, endpoint.Clock.GetUtcNow().UtcDateTime, host.EndpointName, host.DisplayName);
        return JsonSerializer.SerializeToUtf8Bytes(report, PlatformJson.Default.ReportCustomCheckResult);
    }

    private async Task<bool> TryReport(byte[] report, TimeSpan? lifetime, CancellationToken stopping)
    {
        try
        {
            await to.Send(ReportCustomCheckResult.TypeName, report, lifetime, stopping);
            return true;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            logger.LogWarning(exception, "The result of the custom check {CustomCheckId} could not be sent to {Queue}.", check.Id, to.Address);
            return false;
        }
    }
}
