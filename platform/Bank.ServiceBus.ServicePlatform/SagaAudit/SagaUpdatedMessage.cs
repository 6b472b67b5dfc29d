namespace Bank.ServiceBus.SagaAudit;

/// <summary>Says what one message did to one saga instance.</summary>
/// <param name="SagaState">The data of the instance, as JSON text.</param>
/// <param name="SagaId">The instance.</param>
/// <param name="Initiator">The message.</param>
/// <param name="ResultingMessages">What the handler sent.</param>
/// <param name="Endpoint">The endpoint that handled it.</param>
/// <param name="IsNew">Whether the message started the instance.</param>
/// <param name="IsCompleted">Whether the instance ended with it.</param>
/// <param name="StartTime">When the instance was found or started.</param>
/// <param name="FinishTime">When it was stored.</param>
/// <param name="SagaType">Full name of the saga class.</param>
internal sealed record SagaUpdatedMessage(
    string SagaState,
    Guid SagaId,
    SagaChangeInitiator Initiator,
    IReadOnlyCollection<SagaChangeOutput> ResultingMessages,
    string Endpoint,
    bool IsNew,
    bool IsCompleted,
    DateTime StartTime,
    DateTime FinishTime,
    string SagaType)
{
    public const string TypeName = "ServiceControl.EndpointPlugin.Messages.SagaState.SagaUpdatedMessage";
}

/// <summary>The message that a saga handled.</summary>
internal sealed record SagaChangeInitiator(
    string InitiatingMessageId, string MessageType, bool IsSagaTimeoutMessage, DateTime TimeSent, string? OriginatingMachine, string? OriginatingEndpoint, string Intent);

/// <summary>A message that a saga sent.</summary>
internal sealed record SagaChangeOutput(
    string MessageType, DateTime TimeSent, DateTime? DeliveryAt, TimeSpan? DeliveryDelay, string? Destination, string ResultingMessageId, string Intent);
