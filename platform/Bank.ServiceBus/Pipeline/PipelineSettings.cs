using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.Pipeline;

/// <summary>Steps that an endpoint adds to the pipeline. They run in the order of registration, in the stage of their context type.</summary>
public class PipelineSettings : ExposeSettings
{
    private static readonly Type[] Stages =
    [
        typeof(IIncomingPhysicalMessageContext), typeof(IIncomingLogicalMessageContext), typeof(IInvokeHandlerContext),
        typeof(IOutgoingLogicalMessageContext), typeof(IOutgoingPhysicalMessageContext),
    ];

    internal PipelineSettings(SettingsHolder settings)
        : base(settings)
    {
    }

    internal List<(Type Stage, Func<IServiceProvider, IBehavior> Create)> Steps { get; } = [];

    /// <summary>Adds a step, made once by dependency injection.</summary>
    /// <exception cref="ArgumentException">The class is not a <see cref="Behavior{TContext}"/> of a stage that steps can be added to.</exception>
    public void Register(Type behavior, string description)
    {
        ArgumentNullException.ThrowIfNull(behavior);
        Add(behavior, description, provider => (IBehavior)ActivatorUtilities.CreateInstance(provider, behavior));
    }

    /// <summary>Adds a step, made once by dependency injection.</summary>
    /// <exception cref="ArgumentException">The class is not a <see cref="Behavior{TContext}"/> of a stage that steps can be added to.</exception>
    public void Register<TBehavior>(string description) => Register(typeof(TBehavior), description);

    /// <summary>Adds a step made by a function, once.</summary>
    /// <exception cref="ArgumentException">The class is not a <see cref="Behavior{TContext}"/> of a stage that steps can be added to.</exception>
    public void Register<T>(Func<IServiceProvider, T> factoryMethod, string description) where T : IBehavior
    {
        ArgumentNullException.ThrowIfNull(factoryMethod);
        Add(typeof(T), description, provider => factoryMethod(provider));
    }

    /// <summary>Adds a step.</summary>
    /// <exception cref="ArgumentException">The class is not a <see cref="Behavior{TContext}"/> of a stage that steps can be added to.</exception>
    public void Register<T>(T behavior, string description) where T : IBehavior
    {
        ArgumentNullException.ThrowIfNull(behavior);
        Add(behavior.GetType(), description, _ => behavior);
    }

    private void Add(Type behavior, string description, Func<IServiceProvider, IBehavior> create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        var stage = Stages.FirstOrDefault(context => typeof(IBehavior<,>).MakeGenericType(context, context).IsAssignableFrom(behavior))
            ?? throw new ArgumentException(
                $"behavior: {behavior.FullName} is not a Behavior<TContext> of one of {string.Join(", ", Stages.Select(type => type.Name))}.", nameof(behavior));
        Steps.Add((stage, create));
    }
}
