namespace Bank.ServiceBus.Pipeline;

/// <summary>The steps of one stage, composed once.</summary>
internal static class BehaviorChain
{
    /// <summary>Wraps the end of a stage in its steps; the first step is the outermost.</summary>
    public static Func<TContext, Task> Compose<TContext>(IEnumerable<IBehavior> steps, Func<TContext, Task> end)
        where TContext : IBehaviorContext
    {
        var chain = end;
        foreach (var step in steps.Cast<IBehavior<TContext, TContext>>().Reverse())
        {
            var next = chain;
            chain = context => step.Invoke(context, next);
        }

        return chain;
    }
}
