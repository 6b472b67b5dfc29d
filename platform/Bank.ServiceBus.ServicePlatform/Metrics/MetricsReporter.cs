using System.Text.Json;
using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.ServicePlatform;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Metrics;

/// <summary>Sends what was measured to the monitoring instance.</summary>
internal sealed class MetricsReporter(MetricValues values) : ICompanion
{
    private static readonly TimeSpan LastReportsWithin = TimeSpan.FromSeconds(5);

    private readonly BackgroundLoops loops = new();
    private readonly List<Func<CancellationToken, Task>> lastReports = [];

    /// <exception cref="InvalidOperationException">The endpoint only sends.</exception>
    public Task Start(EndpointSurroundings endpoint, CancellationToken cancellationToken)
    {
        if (endpoint.LocalAddress is not { } address)
            throw new InvalidOperationException($"EnableMetrics: the endpoint '{endpoint.Host.EndpointName}' only sends; metrics are about receiving.");
        foreach (var register in values.Observers) register(values.Probes.Context);
        if (values.Queue is not { } queue) return Task.CompletedTask;

        var to = new PlatformQueue(queue, endpoint);
        var logger = endpoint.Loggers.CreateLogger<MetricsReporter>();
        var data = values.Probes.RawData = new RawData();
        loops.Run(stopping => RepeatMetadata(to, address, endpoint, logger, stopping));
        Report("ProcessingTime", data.ProcessingTime);
        Report("CriticalTime", data.CriticalTime);
        Report("Retries", data.Retries);
        return Task.CompletedTask;

        void Report(string metric, RingBuffer buffer)
        {
            loops.Run(async stopping =>
            {
                while (true)
                {
                    await buffer.WaitForEnough(values.Interval, endpoint.Clock, stopping);
                    await Send(to, metric, buffer, endpoint, logger, stopping);
                }
            });
            lastReports.Add(giveUp => Send(to, metric, buffer, endpoint, logger, giveUp));
        }
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        await loops.Stop(cancellationToken);
        // The platform may be away; the endpoint must stop all the same.
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(LastReportsWithin);
        try
        {
            foreach (var report in lastReports) await report(giveUp.Token);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
        }
    }

    private async Task RepeatMetadata(PlatformQueue to, string address, EndpointSurroundings endpoint, ILogger logger, CancellationToken stopping)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new EndpointMetadata(EndpointMetadata.CurrentVersion, address), PlatformJson.Default.EndpointMetadata);
        while (true)
        {
            var headers = MetricHeaders.For(endpoint.Host, values.InstanceId, ContentTypes.Json);
            headers[Headers.EnclosedMessageTypes] = EndpointMetadata.TypeName;
            await TrySend(to, headers, body, logger, stopping);
            await Task.Delay(values.Interval, endpoint.Clock, stopping);
        }
    }

    private async Task Send(PlatformQueue to, string metric, RingBuffer buffer, EndpointSurroundings endpoint, ILogger logger, CancellationToken cancellationToken)
    {
        var (entries, dropped) = buffer.Drain();
        if (dropped > 0) logger.LogWarning("{Dropped} values of {Metric} came faster than they could be reported and were left out.", dropped, metric);
        foreach (var report in RawDataFormat.Write(entries))
        {
            var headers = MetricHeaders.For(endpoint.Host, values.InstanceId, RawDataFormat.ContentType);
            headers[MetricHeaders.Type] = metric;
            await TrySend(to, headers, report, logger, cancellationToken);
        }
    }

    private async Task TrySend(PlatformQueue to, Dictionary<string, string> headers, byte[] body, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await to.SendRaw(headers, body, values.TimeToBeReceived, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(exception, "No metrics could be sent to {Queue}; the endpoint itself goes on.", to.Address);
        }
    }
}
