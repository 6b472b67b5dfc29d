using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Pipeline;

/// <summary>What follows a message that was handled: a copy for the audit queue, and an acknowledgement for a retry that an operator asked for.</summary>
internal sealed class AuditAndAcknowledge(
    string? auditQueue, TimeSpan? auditTimeToBeReceived, HostInformation host, IMessageDispatcher dispatcher, TimeProvider clock)
{
    public DateTimeOffset Now() => clock.GetUtcNow();

    public TransportOperation? AuditCopy(IncomingMessage incoming, ReadOnlyMemory<byte> originalBody, DateTimeOffset begun)
    {
        if (auditQueue is null) return null;
        var headers = new Dictionary<string, string>(incoming.Headers, StringComparer.Ordinal)
        {
            [HeaderNames.ProcessingStarted] = DateTimeOffsetHelper.ToWireFormattedString(begun),
            [HeaderNames.ProcessingEnded] = DateTimeOffsetHelper.ToWireFormattedString(clock.GetUtcNow()),
            [HeaderNames.ProcessingEndpoint] = host.EndpointName,
            [HeaderNames.ProcessingMachine] = host.MachineName,
            [HeaderNames.HostId] = host.HostId,
            [HeaderNames.HostDisplayName] = host.DisplayName,
        };
        if (RetryOf(incoming) is not null) headers[HeaderNames.RetryAcknowledgementSent] = "true";
        Diagnostics.BusActivities.Propagate(headers);
        HeaderRoom.Fit(headers);
        var copy = new OutgoingMessage(incoming.MessageId, headers, originalBody.ToArray());
        return new TransportOperation(copy, new UnicastDestination(auditQueue), new DispatchProperties { DiscardIfNotReceivedBefore = auditTimeToBeReceived });
    }

    public Task Acknowledge(IncomingMessage incoming, TransportTransaction transaction, CancellationToken cancellationToken)
    {
        if (RetryOf(incoming) is not var (id, queue)) return Task.CompletedTask;
        var now = DateTimeOffsetHelper.ToWireFormattedString(clock.GetUtcNow());
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [HeaderNames.RetrySuccessful] = now,
            [HeaderNames.RetryUniqueMessageId] = id,
            [HeaderNames.ControlMessage] = bool.TrueString,
            [HeaderNames.Version] = OutgoingHeaders.WireVersion,
            [Headers.TimeSent] = now,
        };
        Diagnostics.BusActivities.Propagate(headers);
        var message = new OutgoingMessage(CombGuid.NewText(clock), headers, ReadOnlyMemory<byte>.Empty);
        var operation = new TransportOperation(message, new UnicastDestination(queue), DispatchProperties.None, DispatchConsistency.Isolated);
        return dispatcher.Dispatch(new TransportOperations(operation), transaction, cancellationToken);
    }

    private static (string Id, string Queue)? RetryOf(IncomingMessage incoming) =>
        incoming.Headers.TryGetValue(HeaderNames.RetryUniqueMessageId, out var id)
        && incoming.Headers.TryGetValue(HeaderNames.RetryAcknowledgementQueue, out var queue)
            ? (id, queue)
            : null;
}
