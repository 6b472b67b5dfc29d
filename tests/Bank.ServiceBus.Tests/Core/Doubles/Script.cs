using System.Collections.Concurrent;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>What the handlers of a test do, and what they have seen.</summary>
public sealed class Script
{
    public ConcurrentQueue<object> Seen { get; } = new();

    public ConcurrentQueue<string> Steps { get; } = new();

    public Func<object, IMessageHandlerContext, Task> Do { get; set; } = (_, _) => Task.CompletedTask;

    public Task Run(object message, IMessageHandlerContext context)
    {
        Seen.Enqueue(message);
        return Do(message, context);
    }
}

/// <summary>A handler that follows the script.</summary>
public sealed class Handling<T>(Script script) : IHandleMessages<T>
{
    public Task Handle(T message, IMessageHandlerContext context) => script.Run(message!, context);
}

/// <summary>A second handler for the same message.</summary>
public sealed class AlsoHandling<T>(Script script) : IHandleMessages<T>
{
    public Task Handle(T message, IMessageHandlerContext context)
    {
        script.Steps.Enqueue("also");
        return Task.CompletedTask;
    }
}
