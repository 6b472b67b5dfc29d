using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Bank.ServiceBus.MessageInterfaces;

/// <summary>Makes messages. The class for an interface is generated when it is first needed, once in an endpoint.</summary>
internal sealed class MessageMapper : IMessageMapper
{
    private readonly ConcurrentDictionary<Type, Lazy<Type>> classes = new();
    private readonly ConcurrentDictionary<Type, Type> interfaces = new();
    private readonly InterfaceClasses generator = new();

    /// <summary>The type that others know an instance by: the interface, when a generated class stands for one.</summary>
    public Type TypeOf(object message) => interfaces.GetValueOrDefault(message.GetType(), message.GetType());

    public Type GetMappedTypeFor(Type t)
    {
        ArgumentNullException.ThrowIfNull(t);
        return interfaces.TryGetValue(t, out var contract) ? contract : t.IsInterface ? ClassOf(t) : t;
    }

    public T CreateInstance<T>() => (T)CreateInstance(typeof(T));

    public T CreateInstance<T>(Action<T> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var message = CreateInstance<T>();
        action(message);
        return message;
    }

    public object CreateInstance(Type messageType)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        var type = messageType.IsInterface ? ClassOf(messageType) : messageType;
        if (type.IsAbstract || type.ContainsGenericParameters) throw new InvalidOperationException($"{type.FullName} is abstract: nothing can be made of it.");
        // A record with a primary constructor has no other; its properties are filled by whoever asked for it.
        return type.IsValueType || type.GetConstructor(Type.EmptyTypes) is not null ? Activator.CreateInstance(type)! : RuntimeHelpers.GetUninitializedObject(type);
    }

    private Type ClassOf(Type contract) => classes.GetOrAdd(contract, type => new Lazy<Type>(() =>
    {
        var generated = generator.Generate(type);
        interfaces[generated] = type;
        return generated;
    })).Value;
}
