using System.Reflection;

namespace Bank.ServiceBus.Sagas;

/// <summary>Reads what a saga class declares, and refuses what could not work.</summary>
internal static class SagaMetadataReader
{
    private static readonly Type[] CorrelationTypes =
    [
        typeof(string), typeof(Guid), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
    ];

    /// <exception cref="InvalidOperationException">A declaration could not work; the message names the saga and the reason.</exception>
    public static SagaMetadata[] ReadAll(IEnumerable<Type> sagaTypes)
    {
        SagaMetadata[] sagas = [.. sagaTypes.Select(Read)];
        var shared = sagas.GroupBy(saga => saga.SagaEntityType).FirstOrDefault(group => group.Count() > 1);
        return shared is null
            ? sagas
            : throw new InvalidOperationException(
                $"{shared.Key.FullName}: it is the state of {string.Join(" and of ", shared.Select(saga => saga.Name))}; each saga needs a type of its own.");
    }

    public static SagaMetadata Read(Type sagaType)
    {
        var dataType = DataTypeOf(sagaType);
        var mappings = new SagaMappings(sagaType);
        // Only the mapping method runs; the constructor's services are not there yet.
        var blank = (Saga)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(sagaType);
        blank.ConfigureHowToFindSaga(mappings);
        var messages = MessagesOf(sagaType);
        Check(sagaType, messages, mappings);
        return new SagaMetadata
        {
            SagaType = sagaType,
            SagaEntityType = dataType,
            CorrelationProperty = mappings.CorrelationProperty?.Name == nameof(IContainSagaData.Id) ? null : mappings.CorrelationProperty,
            AssociatedMessages = messages,
            Finders = mappings.Finders,
            NotFoundHandlerType = mappings.NotFoundHandler,
        };
    }

    private static Type DataTypeOf(Type sagaType)
    {
        for (var type = sagaType.BaseType; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Saga<>)) return type.GetGenericArguments()[0];
        }

        throw new InvalidOperationException($"{sagaType.FullName}: a saga must derive from Saga<TSagaData>.");
    }

    private static SagaMessage[] MessagesOf(Type sagaType)
    {
        var contracts = sagaType.GetInterfaces().Where(type => type.IsGenericType).ToArray();
        var starting = Arguments(contracts, typeof(IAmStartedByMessages<>)).ToHashSet();
        return
        [
            .. Arguments(contracts, typeof(IHandleMessages<>)).Select(type => new SagaMessage(type, starting.Contains(type), IsTimeout: false)),
            .. Arguments(contracts, typeof(IHandleTimeouts<>)).Select(type => new SagaMessage(type, IsAllowedToStart: false, IsTimeout: true)),
        ];
    }

    private static IEnumerable<Type> Arguments(Type[] contracts, Type definition) =>
        contracts.Where(type => type.GetGenericTypeDefinition() == definition).Select(type => type.GetGenericArguments()[0]);

    private static void Check(Type sagaType, SagaMessage[] messages, SagaMappings mappings)
    {
        if (!messages.Any(message => message.IsAllowedToStart))
            throw new InvalidOperationException($"{sagaType.FullName}: no message starts it; implement IAmStartedByMessages<T>.");
        if (messages.FirstOrDefault(message => message.IsAllowedToStart && !mappings.Finders.ContainsKey(message.MessageType)) is { } unmapped)
            throw new InvalidOperationException($"{sagaType.FullName}: {unmapped.MessageType.FullName} starts it but is not mapped in ConfigureHowToFindSaga.");
        if (mappings.Finders.Keys.FirstOrDefault(type => messages.All(message => message.MessageType != type)) is { } unhandled)
            throw new InvalidOperationException($"{sagaType.FullName}: {unhandled.FullName} is mapped but not handled.");
        if (mappings.CorrelationProperty is { } property) CheckCorrelates(sagaType, property);
    }

    /// <exception cref="InvalidOperationException">The property is of a type by which no saga can be found.</exception>
    public static void CheckCorrelates(Type sagaType, PropertyInfo property)
    {
        if (!CorrelationTypes.Contains(property.PropertyType))
            throw new InvalidOperationException($"{sagaType.FullName}: {property.Name} is a {property.PropertyType.Name}; only texts, Guids and integers can correlate.");
    }
}
