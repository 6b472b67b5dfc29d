using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Pipeline;

/// <summary>A step of a pipeline.</summary>
public interface IBehavior;

/// <summary>A step that wraps what follows.</summary>
/// <typeparam name="TInContext">The context it gets.</typeparam>
/// <typeparam name="TOutContext">The context that it passes on.</typeparam>
public interface IBehavior<in TInContext, out TOutContext> : IBehavior
    where TInContext : IBehaviorContext
    where TOutContext : IBehaviorContext
{
    /// <summary>Runs the step; <paramref name="next"/> runs the rest.</summary>
    Task Invoke(TInContext context, Func<TOutContext, Task> next);
}

/// <summary>A step within one stage.</summary>
/// <typeparam name="TContext">The context of the stage; its interface decides where the step runs.</typeparam>
public abstract class Behavior<TContext> : IBehavior<TContext, TContext> where TContext : IBehaviorContext
{
    /// <summary>Runs the step; <paramref name="next"/> runs the rest.</summary>
    public abstract Task Invoke(TContext context, Func<Task> next);

    /// <inheritdoc />
    public Task Invoke(TContext context, Func<TContext, Task> next) => Invoke(context, () => next(context));
}

/// <summary>What every step can reach.</summary>
public interface IBehaviorContext : IExtendable, ICancellableContext
{
    /// <summary>Services, from the scope of the message.</summary>
    IServiceProvider Builder { get; }
}
