namespace Bank.ServiceBus.Testing;

/// <summary>The messages on their way to a saga under test: those that wait in its queue, and those that wait for their time.</summary>
/// <param name="sagaType">The saga.</param>
/// <param name="handles">Whether the saga handles a message type.</param>
/// <param name="clock">The virtual time.</param>
internal sealed class SagaMail(Type sagaType, Func<Type, bool> handles, VirtualClock clock)
{
    private readonly Queue<QueuedSagaMessage> queue = new();
    private readonly List<Delayed> delayed = [];
    private readonly List<(Type Request, Func<object, object?> Answer)> simulations = [];

    public int Count => queue.Count;

    public QueuedSagaMessage Peek() => queue.TryPeek(out var next) ? next : throw new InvalidOperationException("No message waits in the queue of the saga.");

    public QueuedSagaMessage Take() => queue.TryDequeue(out var next) ? next : throw new InvalidOperationException("No message waits in the queue of the saga.");

    public void Simulate(Type request, Func<object, object?> answer) => simulations.Add((request, answer));

    /// <summary>Sorts what an instance has sent: to itself now, to itself later, to somebody whose answer is simulated, or away.</summary>
    public void Collect(Guid sagaId, IEnumerable<SentMessage<object>> sent, IEnumerable<PublishedMessage<object>> published)
    {
        foreach (var message in sent)
        {
            var due = message.Options.GetDeliveryDate() ?? clock.Now + message.Options.GetDeliveryDelay();
            var mail = new QueuedSagaMessage(message.Message, HeadersOf(sagaId, message.Options, MessageIntent.Send));
            if (due is { } later) delayed.Add(new Delayed(later, sagaId, mail, message));
            else Deliver(sagaId, mail);
        }

        foreach (var message in published)
            Deliver(sagaId, new QueuedSagaMessage(message.Message, HeadersOf(sagaId, message.Options, MessageIntent.Publish)));
    }

    /// <summary>The next delayed message up to an instant, the clock moved to its time; null when there is none.</summary>
    public Delayed? TakeDelayed(DateTimeOffset until)
    {
        while (delayed.MinBy(message => message.Due) is { } next && next.Due <= until)
        {
            delayed.Remove(next);
            if (next.Due > clock.Now) clock.Now = next.Due;
            if (handles(next.Mail.Type)) return next;
            Answer(next.SagaId, next.Mail.Message);
        }

        return null;
    }

    private void Deliver(Guid sagaId, QueuedSagaMessage mail)
    {
        if (handles(mail.Type)) queue.Enqueue(mail);
        Answer(sagaId, mail.Message);
    }

    private void Answer(Guid sagaId, object request)
    {
        foreach (var (_, answer) in simulations.Where(simulation => simulation.Request.IsInstanceOfType(request)))
        {
            if (answer(request) is { } reply) queue.Enqueue(new QueuedSagaMessage(reply, ReplyHeaders(sagaType, sagaId)));
        }
    }

    public static Dictionary<string, string> ReplyHeaders(Type sagaType, Guid sagaId) => new(StringComparer.Ordinal)
    {
        [Headers.MessageIntent] = nameof(MessageIntent.Reply),
        [Headers.SagaId] = sagaId.ToString(),
        [Headers.SagaType] = sagaType.AssemblyQualifiedName!,
    };

    private Dictionary<string, string> HeadersOf(Guid sagaId, Extensibility.ExtendableOptions options, MessageIntent intent) =>
        new(options.GetHeaders(), StringComparer.Ordinal)
        {
            [Headers.MessageIntent] = intent.ToString(),
            [Headers.OriginatingSagaId] = sagaId.ToString(),
            [Headers.OriginatingSagaType] = sagaType.AssemblyQualifiedName!,
        };

    /// <summary>A message that waits for its time.</summary>
    public sealed record Delayed(DateTimeOffset Due, Guid SagaId, QueuedSagaMessage Mail, SentMessage<object> Sent);
}
