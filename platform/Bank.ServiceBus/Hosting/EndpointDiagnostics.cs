using System.Text.Json;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Hosting;

/// <summary>Describes a started endpoint, for whoever looks into a problem later. Holds no connection strings.</summary>
internal static class EndpointDiagnostics
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task Write(
        EndpointConfiguration configuration, HostInformation host, string? auditQueue, Type[] handlers, SagaMetadata[] sagas, CancellationToken cancellationToken)
    {
        var values = configuration.Values;
        var text = JsonSerializer.Serialize(
            new
            {
                Endpoint = configuration.EndpointName,
                Host = new { host.MachineName, host.HostId, host.DisplayName },
                Version = typeof(EndpointDiagnostics).Assembly.GetName().Version?.ToString(),
                Transport = values.Transport!.GetType().FullName,
                Persistence = values.Persistence?.GetType().FullName,
                values.Outbox,
                values.ErrorQueue,
                AuditQueue = auditQueue,
                Handlers = handlers.Select(type => type.FullName).ToArray(),
                Sagas = sagas.Select(saga => new { saga.Name, CorrelationProperty = saga.CorrelationProperty?.Name }).ToArray(),
            },
            Indented);
        if (values.DiagnosticsWriter is { } writer)
        {
            await writer(text, cancellationToken);
            return;
        }

        var folder = values.DiagnosticsPath ?? Path.Combine(AppContext.BaseDirectory, ".diagnostics");
        try
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, configuration.EndpointName + "-configuration.txt"), text, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A read-only installation must not keep the endpoint from starting; the description is a convenience.
        }
    }
}
