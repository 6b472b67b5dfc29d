using System.ComponentModel;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;

namespace Bank.ServiceBus.Sagas;

/// <summary>Collects the mappings of one saga class and compiles them.</summary>
internal sealed class SagaMappings(Type sagaType) : IConfigureHowToFindSagaWithMessage
{
    public Dictionary<Type, SagaFinder> Finders { get; } = [];

    public PropertyInfo? CorrelationProperty { get; private set; }

    public Type? NotFoundHandler { get; set; }

    public void ConfigureMapping<TSagaEntity, TMessage>(
        Expression<Func<TSagaEntity, object?>> sagaEntityProperty, Expression<Func<TMessage, object?>> messageProperty)
        where TSagaEntity : class, IContainSagaData
    {
        Correlate(sagaEntityProperty);
        var read = messageProperty.Compile();
        Add(new SagaFinder(typeof(TMessage), null, (message, _) => read((TMessage)message)));
    }

    public void AddHeader<TSagaEntity, TMessage>(Expression<Func<TSagaEntity, object?>> sagaEntityProperty, string headerName)
    {
        var property = Correlate(sagaEntityProperty);
        Add(new SagaFinder(typeof(TMessage), headerName, (_, headers) => FromHeader(headers, headerName, property)));
    }

    private void Add(SagaFinder finder)
    {
        if (!Finders.TryAdd(finder.MessageType, finder))
            throw new InvalidOperationException($"{sagaType.FullName}: {finder.MessageType.FullName} is mapped twice.");
    }

    private PropertyInfo Correlate(LambdaExpression sagaProperty)
    {
        var body = sagaProperty.Body is UnaryExpression { NodeType: ExpressionType.Convert } conversion ? conversion.Operand : sagaProperty.Body;
        if (body is not MemberExpression { Member: PropertyInfo property })
            throw new InvalidOperationException($"{sagaType.FullName}: '{sagaProperty}' must name a property of the saga's state.");
        if (CorrelationProperty is not null && CorrelationProperty.Name != property.Name)
            throw new InvalidOperationException($"{sagaType.FullName}: messages are mapped to both {CorrelationProperty.Name} and {property.Name}; one property must correlate all.");
        return CorrelationProperty = property;
    }

    private static object FromHeader(IReadOnlyDictionary<string, string> headers, string name, PropertyInfo property)
    {
        if (!headers.TryGetValue(name, out var text))
            throw new InvalidOperationException($"{name}: the message has no such header, which must tell the saga's {property.Name}.");
        return property.PropertyType == typeof(string)
            ? text
            : TypeDescriptor.GetConverter(property.PropertyType).ConvertFromString(null, CultureInfo.InvariantCulture, text)!;
    }
}
