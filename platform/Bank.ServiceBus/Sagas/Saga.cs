using System.Linq.Expressions;

namespace Bank.ServiceBus;

/// <summary>A process that spans several messages and keeps its state between them.</summary>
public abstract class Saga
{
    /// <summary>Whether the saga has ended with the message being handled.</summary>
    public bool Completed { get; private set; }

    /// <summary>The state of the instance.</summary>
    public IContainSagaData Entity { get; set; } = null!;

    /// <summary>Says how messages find their instance.</summary>
    protected internal abstract void ConfigureHowToFindSaga(IConfigureHowToFindSagaWithMessage sagaMessageFindingConfiguration);

    /// <summary>Ends the saga: its state is removed after the handler.</summary>
    protected void MarkAsComplete() => Completed = true;

    /// <summary>Asks for a timeout at an instant.</summary>
    protected Task RequestTimeout<TTimeoutMessageType>(IMessageHandlerContext context, DateTimeOffset at) where TTimeoutMessageType : new() =>
        RequestTimeout(context, at, new TTimeoutMessageType());

    /// <summary>Asks for a timeout after a time.</summary>
    protected Task RequestTimeout<TTimeoutMessageType>(IMessageHandlerContext context, TimeSpan within) where TTimeoutMessageType : new() =>
        RequestTimeout(context, within, new TTimeoutMessageType());

    /// <summary>Asks for a timeout at an instant, with a message that comes back.</summary>
    protected Task RequestTimeout<TTimeoutMessageType>(IMessageHandlerContext context, DateTimeOffset at, TTimeoutMessageType timeoutMessage)
    {
        var options = TimeoutOptions();
        options.DoNotDeliverBefore(at);
        return context.Send(timeoutMessage!, options);
    }

    /// <summary>Asks for a timeout after a time, with a message that comes back.</summary>
    protected Task RequestTimeout<TTimeoutMessageType>(IMessageHandlerContext context, TimeSpan within, TTimeoutMessageType timeoutMessage)
    {
        var options = TimeoutOptions();
        options.DelayDeliveryWith(within);
        return context.Send(timeoutMessage!, options);
    }

    /// <summary>Answers whoever sent the message that started the saga.</summary>
    /// <exception cref="InvalidOperationException">That message named no reply address.</exception>
    protected Task ReplyToOriginator(IMessageHandlerContext context, object message, IReadOnlyDictionary<string, string>? outgoingHeaders = null)
    {
        if (string.IsNullOrEmpty(Entity.Originator))
            throw new InvalidOperationException("Originator: the message that started the saga named no reply address.");
        var options = new ReplyOptions { ToOriginator = true };
        options.SetDestination(Entity.Originator);
        if (Entity.OriginalMessageId is { } original) options.SetHeader(Headers.CorrelationId, original);
        foreach (var (key, value) in outgoingHeaders ?? new Dictionary<string, string>()) options.SetHeader(key, value);
        return context.Reply(message, options);
    }

    private SendOptions TimeoutOptions()
    {
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        options.SetHeader(Headers.SagaId, Entity.Id.ToString());
        options.SetHeader(Headers.SagaType, GetType().AssemblyQualifiedName!);
        options.SetHeader(Headers.IsSagaTimeoutMessage, bool.TrueString);
        return options;
    }
}

/// <summary>A process with a given type of state.</summary>
/// <typeparam name="TSagaData">The state.</typeparam>
public abstract class Saga<TSagaData> : Saga where TSagaData : class, IContainSagaData, new()
{
    /// <summary>The state of the instance.</summary>
    public TSagaData Data
    {
        get => (TSagaData)Entity;
        set => Entity = value;
    }

    /// <summary>Says how messages find their instance.</summary>
    protected abstract void ConfigureHowToFindSaga(SagaPropertyMapper<TSagaData> mapper);

    /// <inheritdoc />
    protected internal override void ConfigureHowToFindSaga(IConfigureHowToFindSagaWithMessage sagaMessageFindingConfiguration) =>
        ConfigureHowToFindSaga(new SagaPropertyMapper<TSagaData>(sagaMessageFindingConfiguration));
}

/// <summary>Collects how messages find their saga instance.</summary>
public interface IConfigureHowToFindSagaWithMessage
{
    /// <summary>Instances are found by comparing a property of the state with a value from the message.</summary>
    void ConfigureMapping<TSagaEntity, TMessage>(Expression<Func<TSagaEntity, object?>> sagaEntityProperty, Expression<Func<TMessage, object?>> messageProperty)
        where TSagaEntity : class, IContainSagaData;
}

/// <summary>Handles messages for a saga of which no instance was found.</summary>
public interface ISagaNotFoundHandler
{
    /// <summary>Handles one such message.</summary>
    Task Handle(object message, IMessageProcessingContext context);
}
