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
        var property = Correlate(sagaEntityProperty);
        var value = Unconverted(messageProperty);
        if ((Nullable.GetUnderlyingType(value.Type) ?? value.Type) != property.PropertyType)
            throw new InvalidOperationException(
                $"{sagaType.FullName}: {typeof(TMessage).FullName} is mapped by a {value.Type.Name}, but the saga's {property.Name} is a {property.PropertyType.Name}.");
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
        if (Unconverted(sagaProperty) is not MemberExpression { Member: PropertyInfo property })
            throw new InvalidOperationException($"{sagaType.FullName}: '{sagaProperty}' must name a property of the saga's state.");
        if (CorrelationProperty is not null && CorrelationProperty.Name != property.Name)
            throw new InvalidOperationException($"{sagaType.FullName}: messages are mapped to both {CorrelationProperty.Name} and {property.Name}; one property must correlate all.");
        return CorrelationProperty = property;
    }

    // The compiler boxes values on their way to object.
    private static Expression Unconverted(LambdaExpression expression) =>
        expression.Body is UnaryExpression { NodeType: ExpressionType.Convert } conversion && expression.ReturnType == typeof(object)
            ? conversion.Operand
            : expression.Body;

    private static object FromHeader(IReadOnlyDictionary<string, string> headers, string name, PropertyInfo property)
    {
        if (!headers.TryGetValue(name, out var text))
            throw new InvalidOperationException($"{name}: the message has no such header, which must tell the saga's {property.Name}.");
        try
        {
            return TypeDescriptor.GetConverter(property.PropertyType).ConvertFromString(null, CultureInfo.InvariantCulture, text)!;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new InvalidOperationException($"{name}: '{text}' is no {property.PropertyType.Name}, which the saga's {property.Name} is.", exception);
        }
    }
}
