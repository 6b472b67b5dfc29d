using System.Text.Json;
using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Sagas;
using Bank.ServiceBus.ServicePlatform;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.SagaAudit;

/// <summary>Sends what became of sagas to the audit queue, at once: also of attempts that are rolled back later.</summary>
internal sealed class SagaAuditor(string queue, Func<object, Dictionary<string, string>>? customSerialization) : ICompanion
{
    private PlatformQueue? to;
    private string endpointName = "";
    private ILogger? logger;

    /// <exception cref="InvalidOperationException">The queue cannot be reached.</exception>
    public async Task Start(EndpointSurroundings endpoint, CancellationToken cancellationToken)
    {
        // Who only sends has no sagas.
        if (endpoint.LocalAddress is null) return;
        logger = endpoint.Loggers.CreateLogger<SagaAuditor>();
        endpointName = endpoint.Host.EndpointName;
        to = new PlatformQueue(queue, endpoint);
        try
        {
            await to.SendControlMessage(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"AuditSagaStateChanges: the queue '{queue}' cannot be reached: {exception.Message}", exception);
        }
    }

    public Task Stop(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task Report(IInvokeHandlerContext context, Saga saga, ActiveSaga active, ResultingMessages messages)
    {
        try
        {
            var message = new SagaUpdatedMessage(
                StateOf(saga.Entity), active.Id, Initiator(context), messages.ToArray(), endpointName, active.IsNew, saga.Completed,
                active.FoundAt.UtcDateTime, (active.StoredAt ?? active.FoundAt).UtcDateTime, active.SagaType.FullName!);
            var body = JsonSerializer.SerializeToUtf8Bytes(message, PlatformJson.Default.SagaUpdatedMessage);
            await to!.Send(SagaUpdatedMessage.TypeName, body, null, context.CancellationToken);
        }
        catch (Exception exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            logger!.LogWarning(exception, "What message {MessageId} did to {Saga} {SagaId} could not be reported to {Queue}.", context.MessageId, active.SagaType.FullName, active.Id, queue);
        }
    }

    private string StateOf(IContainSagaData data) =>
        customSerialization is null
            ? JsonSerializer.Serialize(data, data.GetType())
            : JsonSerializer.Serialize(customSerialization(data));

    private static SagaChangeInitiator Initiator(IInvokeHandlerContext context)
    {
        var headers = context.Headers;
        return new SagaChangeInitiator(
            context.MessageId,
            context.MessageMetadata.MessageType.FullName!,
            headers.TryGetValue(Headers.IsSagaTimeoutMessage, out var timeout) && bool.TryParse(timeout, out var isTimeout) && isTimeout,
            headers.TryGetValue(Headers.TimeSent, out var sent) && DateTimeOffsetHelper.TryRead(sent, out var sentAt) ? sentAt.UtcDateTime : DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
            headers.GetValueOrDefault(HeaderNames.OriginatingMachine),
            headers.GetValueOrDefault(Headers.OriginatingEndpoint),
            headers.GetValueOrDefault(Headers.MessageIntent) is { Length: > 0 } intent ? intent : nameof(MessageIntent.Send));
    }
}
