using Bank.ServiceBus.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.MessageMutator;

/// <summary>The steps that call mutators: none where there are none to call.</summary>
internal static class MutatorSteps
{
    /// <param name="registered">The mutators of the configuration.</param>
    /// <param name="isService">Tells whether the container has mutators of a kind, which then come from the scope of each message.</param>
    public static IEnumerable<(Type Stage, IBehavior Step)> Of(IReadOnlyCollection<object> registered, IServiceProviderIsService? isService)
    {
        if (Mutators<IMutateIncomingTransportMessages>() is { } bodies) yield return (typeof(IIncomingPhysicalMessageContext), new IncomingBodies(bodies));
        if (Mutators<IMutateIncomingMessages>() is { } messages) yield return (typeof(IIncomingLogicalMessageContext), new IncomingMessages(messages));
        if (Mutators<IMutateOutgoingMessages>() is { } sent) yield return (typeof(IOutgoingLogicalMessageContext), new OutgoingMessages(sent));
        if (Mutators<IMutateOutgoingTransportMessages>() is { } written) yield return (typeof(IOutgoingPhysicalMessageContext), new OutgoingBodies(written));

        Func<IServiceProvider, IEnumerable<T>>? Mutators<T>() where T : class
        {
            T[] own = [.. registered.OfType<T>()];
            if (isService?.IsService(typeof(T)) == true) return scope => scope.GetServices<T>().Concat(own);
            return own.Length > 0 ? _ => own : null;
        }
    }

    private sealed class IncomingBodies(Func<IServiceProvider, IEnumerable<IMutateIncomingTransportMessages>> mutators) : Behavior<IIncomingPhysicalMessageContext>
    {
        public override async Task Invoke(IIncomingPhysicalMessageContext context, Func<Task> next)
        {
            var mutated = new MutateIncomingTransportMessageContext(context.Message.Body, context.Message.Headers, context.CancellationToken);
            foreach (var mutator in mutators(context.Builder)) await mutator.MutateIncoming(mutated);
            if (!mutated.Body.Equals(context.Message.Body)) context.UpdateMessage(mutated.Body);
            await next();
        }
    }

    private sealed class IncomingMessages(Func<IServiceProvider, IEnumerable<IMutateIncomingMessages>> mutators) : Behavior<IIncomingLogicalMessageContext>
    {
        public override async Task Invoke(IIncomingLogicalMessageContext context, Func<Task> next)
        {
            var mutated = new MutateIncomingMessageContext(context.Message.Instance, context.Headers, context.CancellationToken);
            foreach (var mutator in mutators(context.Builder)) await mutator.MutateIncoming(mutated);
            if (!ReferenceEquals(mutated.Message, context.Message.Instance)) context.UpdateMessageInstance(mutated.Message);
            await next();
        }
    }

    private sealed class OutgoingMessages(Func<IServiceProvider, IEnumerable<IMutateOutgoingMessages>> mutators) : Behavior<IOutgoingLogicalMessageContext>
    {
        public override async Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
        {
            var handled = ((OutgoingContext)context).Scope.Incoming;
            var mutated = new MutateOutgoingMessageContext(context.Message.Instance, context.Headers, handled?.Logical?.Instance, handled?.Headers, context.CancellationToken);
            foreach (var mutator in mutators(context.Builder)) await mutator.MutateOutgoing(mutated);
            if (!ReferenceEquals(mutated.OutgoingMessage, context.Message.Instance)) context.UpdateMessage(mutated.OutgoingMessage);
            await next();
        }
    }

    private sealed class OutgoingBodies(Func<IServiceProvider, IEnumerable<IMutateOutgoingTransportMessages>> mutators) : Behavior<IOutgoingPhysicalMessageContext>
    {
        public override async Task Invoke(IOutgoingPhysicalMessageContext context, Func<Task> next)
        {
            var physical = (OutgoingPhysicalMessageContext)context;
            var handled = physical.Scope.Incoming;
            var mutated = new MutateOutgoingTransportMessageContext(
                context.Body, physical.Message.Instance, context.Headers, handled?.Logical?.Instance, handled?.Headers, context.CancellationToken);
            foreach (var mutator in mutators(context.Builder)) await mutator.MutateOutgoing(mutated);
            if (!mutated.OutgoingBody.Equals(context.Body)) context.UpdateMessage(mutated.OutgoingBody);
            await next();
        }
    }
}
