using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Declares the exchanges of message types, each once in a process.</summary>
internal sealed class TypeDeclarations(RoutingTopology topology)
{
    private readonly ConcurrentDictionary<Type, bool> declared = new();

    public bool IsDeclared(Type type) => declared.ContainsKey(type);

    /// <summary>The exchange is not there any more: it is declared anew when next asked for.</summary>
    public void Forget(Type type) => declared.TryRemove(type, out _);

    /// <summary>Declares the exchange of a type, of its base types and interfaces, and the bindings between them.</summary>
    public async Task Declare(IChannel channel, Type type, CancellationToken cancellationToken)
    {
        if (declared.ContainsKey(type)) return;
        var current = type;
        await DeclareExchange(channel, current, cancellationToken);
        while (current.BaseType is { } parent)
        {
            await Bind(channel, current, parent, cancellationToken);
            current = parent;
        }

        foreach (var contract in type.GetInterfaces()) await Bind(channel, type, contract, cancellationToken);
        declared[type] = true;
    }

    private async Task Bind(IChannel channel, Type from, Type to, CancellationToken cancellationToken)
    {
        await DeclareExchange(channel, to, cancellationToken);
        await channel.ExchangeBindAsync(ConventionalNames.ExchangeOf(to), ConventionalNames.ExchangeOf(from), "", cancellationToken: cancellationToken);
    }

    // NServiceBus swallows an error here; but the broker closes the channel with it, and the binding that follows fails without telling the reason.
    private Task DeclareExchange(IChannel channel, Type type, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(ConventionalNames.ExchangeOf(type), ExchangeType.Fanout, topology.UseDurableEntities, cancellationToken: cancellationToken);
}
