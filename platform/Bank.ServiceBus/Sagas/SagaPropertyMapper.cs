using System.Linq.Expressions;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus;

/// <summary>Maps messages to instances of a saga.</summary>
/// <typeparam name="TSagaData">The state of the saga.</typeparam>
public class SagaPropertyMapper<TSagaData> where TSagaData : class, IContainSagaData
{
    private readonly IConfigureHowToFindSagaWithMessage configuration;

    internal SagaPropertyMapper(IConfigureHowToFindSagaWithMessage configuration) => this.configuration = configuration;

    /// <summary>Names the property of the state that tells instances apart.</summary>
    public CorrelatedSagaPropertyMapper<TSagaData> MapSaga(Expression<Func<TSagaData, object?>> sagaProperty)
    {
        ArgumentNullException.ThrowIfNull(sagaProperty);
        return new CorrelatedSagaPropertyMapper<TSagaData>(configuration, sagaProperty);
    }

    /// <summary>Names a handler for messages that find no instance. Default: a log line.</summary>
    public void ConfigureNotFoundHandler<TNotFoundHandler>() where TNotFoundHandler : ISagaNotFoundHandler =>
        ((SagaMappings)configuration).NotFoundHandler = typeof(TNotFoundHandler);
}

/// <summary>Maps messages to instances by one property of the state.</summary>
/// <typeparam name="TSagaData">The state of the saga.</typeparam>
public class CorrelatedSagaPropertyMapper<TSagaData> where TSagaData : class, IContainSagaData
{
    private readonly IConfigureHowToFindSagaWithMessage configuration;
    private readonly Expression<Func<TSagaData, object?>> sagaProperty;

    internal CorrelatedSagaPropertyMapper(IConfigureHowToFindSagaWithMessage configuration, Expression<Func<TSagaData, object?>> sagaProperty)
    {
        this.configuration = configuration;
        this.sagaProperty = sagaProperty;
    }

    /// <summary>A message finds its instance by a value in the message.</summary>
    public CorrelatedSagaPropertyMapper<TSagaData> ToMessage<TMessage>(Expression<Func<TMessage, object?>> messageProperty)
    {
        ArgumentNullException.ThrowIfNull(messageProperty);
        configuration.ConfigureMapping(sagaProperty, messageProperty);
        return this;
    }

    /// <summary>A message finds its instance by a header.</summary>
    public CorrelatedSagaPropertyMapper<TSagaData> ToMessageHeader<TMessage>(string headerName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(headerName);
        ((SagaMappings)configuration).AddHeader<TSagaData, TMessage>(sagaProperty, headerName);
        return this;
    }
}
