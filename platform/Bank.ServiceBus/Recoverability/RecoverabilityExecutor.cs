using Bank.ServiceBus.Diagnostics;
using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus;

/// <summary>Carries out what the policy decides for a failed message.</summary>
internal sealed class RecoverabilityExecutor(
    RecoverabilityConfig config, Func<RecoverabilityConfig, ErrorContext, RecoverabilityAction> policy, Action<Dictionary<string, string>>? customizeHeaders,
    IMessageDispatcher dispatcher, HostInformation host, PipelineMeter meter, TimeProvider clock, ILogger logger)
{
    private readonly PauseAfterFailure pause = new(clock);

    /// <summary>Ends pauses: who stops must not wait for them.</summary>
    public void Stop() => pause.Stop();

    public async Task<ErrorHandleResult> Handle(ErrorContext error, CancellationToken cancellationToken)
    {
        try
        {
            var action = policy(config, error);
            var result = await Carry(action, error, cancellationToken);
            meter.Recovered(action, error.Headers, error.Exception);
            pause.Worked();
            return result;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(exception, "The failed message {MessageId} could not be taken care of; it stays in its queue.", error.MessageId);
            await pause.Wait(cancellationToken);
            return ErrorHandleResult.RetryRequired;
        }
    }

    private async Task<ErrorHandleResult> Carry(RecoverabilityAction action, ErrorContext error, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case ImmediateRetry:
                logger.LogInformation(error.Exception, "Message {MessageId} failed (attempt {Attempt}) and is tried again at once.", error.MessageId, error.ImmediateProcessingFailures);
                return ErrorHandleResult.RetryRequired;

            case DelayedRetry delayed:
                logger.LogWarning(error.Exception, "Message {MessageId} failed and is tried again in {Delay}.", error.MessageId, delayed.Delay);
                await Send(Later(error, delayed.Delay), error, cancellationToken);
                return ErrorHandleResult.Handled;

            case MoveToError move:
                logger.LogError(error.Exception, "Message {MessageId} failed for good and goes to {ErrorQueue}.", error.MessageId, move.ErrorQueue);
                await Send(Failed(error, move.ErrorQueue), error, cancellationToken);
                return ErrorHandleResult.Handled;

            case Discard discard:
                logger.LogWarning(error.Exception, "Message {MessageId} failed and is dropped: {Reason}", error.MessageId, discard.Reason);
                return ErrorHandleResult.Handled;

            default:
                throw new InvalidOperationException($"The recoverability policy returned {action?.GetType().Name ?? "nothing"}.");
        }
    }

    private TransportOperation Later(ErrorContext error, TimeSpan delay)
    {
        var now = clock.GetUtcNow();
        var headers = HeadersOf(error);
        headers[Headers.DelayedRetries] = (error.DelayedDeliveriesPerformed + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers[Headers.DelayedRetriesTimestamp] = DateTimeOffsetHelper.ToWireFormattedString(now);
        headers.TryAdd(HeaderNames.DeliverAt, DateTimeOffsetHelper.ToWireFormattedString(now + delay));
        // The customization may count on seeing this failure too; nothing of it is written.
        if (customizeHeaders is not null) HeadersOfFailure(error, headers);
        StartNewTrace(headers);
        return To(error.ReceiveAddress, error, headers, new DispatchProperties { DelayDeliveryWith = delay });
    }

    private TransportOperation Failed(ErrorContext error, string errorQueue)
    {
        var headers = HeadersOf(error);
        headers.Remove(Headers.DelayedRetries);
        headers.Remove(HeaderNames.ImmediateRetriesOfOldVersions);
        foreach (var (key, value) in HeadersOfFailure(error, headers)) headers[key] = value;
        StartNewTrace(headers);
        return To(errorQueue, error, headers, DispatchProperties.None);
    }

    private Dictionary<string, string> HeadersOfFailure(ErrorContext error, Dictionary<string, string> carried)
    {
        var failure = FailureHeaders.For(error.Exception, error.ReceiveAddress, host, clock.GetUtcNow(), HeaderRoom.Left(carried));
        customizeHeaders?.Invoke(failure);
        return failure;
    }

    /// <summary>As they came, but for the id: a message without the header is known by that of the transport, and so is its copy.</summary>
    private static Dictionary<string, string> HeadersOf(ErrorContext error) =>
        new(error.Headers, StringComparer.Ordinal) { [Headers.MessageId] = error.MessageId };

    private static void StartNewTrace(Dictionary<string, string> headers)
    {
        if (headers.ContainsKey(Headers.DiagnosticsTraceParent)) headers[HeaderNames.StartNewTrace] = bool.TrueString;
    }

    private TransportOperation To(string address, ErrorContext error, Dictionary<string, string> headers, DispatchProperties properties)
    {
        if (HeaderRoom.Fit(headers) is { Count: > 0 } cut)
            logger.LogWarning("The headers of message {MessageId} left no room; {Headers} of its copy for {Queue} are cut.", error.MessageId, string.Join(", ", cut), address);
        return new(new OutgoingMessage(error.MessageId, headers, error.Body), new UnicastDestination(address), properties, DispatchConsistency.Default);
    }

    private Task Send(TransportOperation operation, ErrorContext error, CancellationToken cancellationToken) =>
        dispatcher.Dispatch(new TransportOperations(operation), error.TransportTransaction, cancellationToken);
}
