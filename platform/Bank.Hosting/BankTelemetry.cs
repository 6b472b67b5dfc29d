using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Bank.Hosting;

/// <summary>Logs, traces and metrics, the same for every endpoint.</summary>
internal static class BankTelemetry
{
    /// <summary>
    /// Logs single lines to the console; <c>Logging:Console:FormatterName=json</c> makes them JSON. Traces and metrics go to the OTLP
    /// collector that the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names, and nowhere when it is not set.
    /// </summary>
    public static void AddBankTelemetry(this IHostApplicationBuilder builder, string endpointName)
    {
        // Not AddSimpleConsole, which would insist on its formatter whatever the configuration says.
        builder.Logging.AddConsole();
        builder.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(endpointName))
            .WithTracing(traces => traces.AddSource("NServiceBus.Core").AddSource("Bank.*").AddAspNetCoreInstrumentation().AddNpgsql())
            .WithMetrics(metrics => metrics.AddMeter("NServiceBus.Core.Pipeline.Incoming").AddMeter("Bank.*").AddAspNetCoreInstrumentation());
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) telemetry.UseOtlpExporter();
    }
}
