using System.Collections.Concurrent;
using System.Reflection;
using Bank.ServiceBus.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.Handlers;

/// <summary>All handlers of an endpoint, and how to make and call them without reflection per message.</summary>
internal sealed class HandlerRegistry
{
    private readonly List<Entry> entries = [];
    private readonly ConcurrentDictionary<(Type MessageType, bool Timeouts), Entry[]> byMessageType = new();

    public HandlerRegistry(IEnumerable<Type> handlerTypes)
    {
        foreach (var type in handlerTypes)
        {
            var create = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
            foreach (var contract in type.GetInterfaces().Where(HandlerScan.IsHandlerInterface))
            {
                var isTimeout = contract.GetGenericTypeDefinition() == typeof(IHandleTimeouts<>);
                var messageType = contract.GetGenericArguments()[0];
                entries.Add(new Entry(type, messageType, isTimeout, create, Call(messageType, isTimeout)));
            }
        }
    }

    /// <summary>The message types that have handlers, timeouts left out.</summary>
    public IEnumerable<Type> HandledTypes => entries.Where(entry => !entry.IsTimeout).Select(entry => entry.MessageType).Distinct();

    /// <summary>All types that a handler names, timeouts included.</summary>
    public IEnumerable<Type> AllTypes => entries.Select(entry => entry.MessageType).Distinct();

    /// <summary>The handlers for an instance of a type, in the order of their registration.</summary>
    public Entry[] For(Type messageType, bool timeouts) => byMessageType.GetOrAdd((messageType, timeouts), static (key, all) =>
        [.. all.Where(entry => entry.IsTimeout == key.Timeouts && entry.MessageType.IsAssignableFrom(key.MessageType))], entries);

    private static Func<object, object, IMessageHandlerContext, Task> Call(Type messageType, bool isTimeout) =>
        typeof(HandlerRegistry)
            .GetMethod(isTimeout ? nameof(CallTimeout) : nameof(CallHandle), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(messageType)
            .CreateDelegate<Func<object, object, IMessageHandlerContext, Task>>();

    private static Task CallHandle<T>(object handler, object message, IMessageHandlerContext context) =>
        ((IHandleMessages<T>)handler).Handle((T)message, context);

    private static Task CallTimeout<T>(object handler, object message, IMessageHandlerContext context) =>
        ((IHandleTimeouts<T>)handler).Timeout((T)message, context);

    /// <summary>One handler method.</summary>
    public sealed record Entry(
        Type HandlerType, Type MessageType, bool IsTimeout, ObjectFactory Create, Func<object, object, IMessageHandlerContext, Task> Invoke)
    {
        public MessageHandler For(IServiceProvider scope)
        {
            var registered = scope.GetService(HandlerType);
            return new(HandlerType, registered ?? Create(scope, null), IsTimeout, Invoke) { IsOwned = registered is null };
        }
    }
}
