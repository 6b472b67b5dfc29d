using System.Diagnostics;
using System.Diagnostics.Metrics;
using Bank.ServiceBus.Pipeline;

namespace Bank.ServiceBus.Diagnostics;

/// <summary>Counts and times what the incoming pipeline does.</summary>
internal sealed class PipelineMeter
{
    private readonly Counter<long> fetches;
    private readonly Counter<long> successes;
    private readonly Counter<long> failures;
    private readonly Counter<long> immediateRetries;
    private readonly Counter<long> delayedRetries;
    private readonly Counter<long> errors;
    private readonly Histogram<double> handlerTime;
    private readonly Histogram<double> processingTime;
    private readonly Histogram<double> criticalTime;
    private readonly TimeProvider clock;
    private readonly string queue;
    private readonly string discriminator;
    private readonly IProcessingObserver? observer;

    public PipelineMeter(IMeterFactory factory, string queue, TimeProvider clock, IProcessingObserver? observer = null, string? discriminator = null)
    {
        this.observer = observer;
        this.queue = queue;
        this.discriminator = discriminator ?? "";
        this.clock = clock;
        var meter = factory.Create("NServiceBus.Core.Pipeline.Incoming", "0.2.0");
        fetches = meter.CreateCounter<long>("nservicebus.messaging.fetches");
        successes = meter.CreateCounter<long>("nservicebus.messaging.successes");
        failures = meter.CreateCounter<long>("nservicebus.messaging.failures");
        immediateRetries = meter.CreateCounter<long>("nservicebus.recoverability.immediate");
        delayedRetries = meter.CreateCounter<long>("nservicebus.recoverability.delayed");
        errors = meter.CreateCounter<long>("nservicebus.recoverability.error");
        // No transport of this library delivers envelopes, so it stays at zero; it is there for dashboards that ask for it.
        meter.CreateCounter<long>("nservicebus.envelope.unwrapped");
        handlerTime = meter.CreateHistogram<double>("nservicebus.messaging.handler_time", "s");
        processingTime = meter.CreateHistogram<double>("nservicebus.messaging.processing_time", "s");
        criticalTime = meter.CreateHistogram<double>("nservicebus.messaging.critical_time", "s");
    }

    /// <summary>Whether anybody wants to know which handlers a message has.</summary>
    public bool WantsHandlers => successes.Enabled || failures.Enabled || processingTime.Enabled || criticalTime.Enabled;

    public long Now() => clock.GetTimestamp();

    public void Fetched(Dictionary<string, string> headers)
    {
        observer?.Fetched(Types(headers));
        if (fetches.Enabled) fetches.Add(1, Tags(headers));
    }

    public void Succeeded(Dictionary<string, string> headers, long started, string? handlerTypes)
    {
        if (observer is not null)
        {
            var now = clock.GetUtcNow();
            observer.Succeeded(Types(headers), now, clock.GetElapsedTime(started), Sent(headers) is { } at ? now - at : null);
        }

        if (!successes.Enabled && !processingTime.Enabled && !criticalTime.Enabled) return;
        var tags = Tags(headers);
        tags.Add("nservicebus.message_handler_types", handlerTypes ?? "");
        tags.Add("execution.result", "success");
        successes.Add(1, tags);
        processingTime.Record(clock.GetElapsedTime(started).TotalSeconds, tags);
        if (Sent(headers) is { } sent) criticalTime.Record((clock.GetUtcNow() - sent).TotalSeconds, tags);
    }

    public void Failed(Dictionary<string, string> headers, Exception exception, string? handlerTypes)
    {
        observer?.Failed(Types(headers));
        if (!failures.Enabled) return;
        var tags = Tags(headers);
        tags.Add("nservicebus.message_handler_types", handlerTypes ?? "");
        tags.Add("execution.result", "failure");
        tags.Add("error.type", exception.GetType().FullName);
        failures.Add(1, tags);
    }

    public void Recovered(RecoverabilityAction action, Dictionary<string, string> headers, Exception exception)
    {
        if (action is ImmediateRetry or DelayedRetry) observer?.Retried(Types(headers), clock.GetUtcNow());
        var counter = action switch
        {
            ImmediateRetry => immediateRetries,
            DelayedRetry => delayedRetries,
            MoveToError => errors,
            _ => null,
        };
        if (counter is not { Enabled: true }) return;
        var tags = Tags(headers);
        tags.Add("nservicebus.message_handler_type", exception.Data["Handler type"] as string ?? "");
        tags.Add("error.type", exception.GetType().FullName);
        counter.Add(1, tags);
    }

    public void Handled(IInvokeHandlerContext context, long started, Exception? exception)
    {
        if (!handlerTime.Enabled) return;
        var tags = Tags(context.Headers);
        tags.Add("nservicebus.message_handler_type", context.MessageHandler.HandlerType.FullName);
        tags.Add("execution.result", exception is null ? "success" : "failure");
        if (exception is not null) tags.Add("error.type", exception.GetType().FullName);
        handlerTime.Record(clock.GetElapsedTime(started).TotalSeconds, tags);
    }

    private TagList Tags(Dictionary<string, string> headers)
    {
        var types = Types(headers);
        var end = types.AsSpan().IndexOfAny(',', ';');
        return new TagList { { "nservicebus.queue", queue }, { "nservicebus.discriminator", discriminator }, { "nservicebus.message_type", end < 0 ? types : types[..end] } };
    }

    private static string Types(Dictionary<string, string> headers) => headers.GetValueOrDefault(Headers.EnclosedMessageTypes) ?? "";

    // The message was handled already; a header that cannot be read must not make it fail now.
    private static DateTimeOffset? Sent(Dictionary<string, string> headers) =>
        (headers.GetValueOrDefault(HeaderNames.DeliverAt) ?? headers.GetValueOrDefault(Headers.TimeSent)) is { } text
        && DateTimeOffsetHelper.TryRead(text, out var sent)
            ? sent
            : null;
}
