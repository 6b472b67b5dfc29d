using System.Collections.Concurrent;

namespace Bank.ServiceBus.Unicast.Messages;

/// <summary>The known message types, and which type a received message has.</summary>
internal sealed class MessageRegistry(MessageConventions conventions)
{
    // The keys come from outside; without a bound a hostile sender could fill the memory with spellings.
    private const int MostCachedHeaders = 1000;

    // The runtime recurses into the type arguments of a type to name it; nested deep enough, that would end the process.
    private const int LongestLoadedName = 4096;

    private readonly ConcurrentDictionary<Type, MessageMetadata> byType = new();
    private readonly ConcurrentDictionary<string, MessageMetadata> byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MessageMetadata[]> byHeader = new(StringComparer.Ordinal);

    public MessageMetadata Register(Type type)
    {
        var metadata = Get(type);
        byName[type.FullName!] = metadata;
        return metadata;
    }

    public MessageMetadata Get(Type type) => byType.GetOrAdd(type, Describe);

    /// <summary>The types that a received message is read as: usually one. Empty when no part of the header names a message.</summary>
    public MessageMetadata[] Resolve(string enclosedMessageTypes)
    {
        if (byHeader.TryGetValue(enclosedMessageTypes, out var known)) return known;
        var resolved = Roots(enclosedMessageTypes);
        if (resolved.Length > 0 && byHeader.Count < MostCachedHeaders) byHeader.TryAdd(enclosedMessageTypes, resolved);
        return resolved;
    }

    private MessageMetadata[] Roots(string enclosedMessageTypes)
    {
        var roots = new List<MessageMetadata>();
        foreach (var part in enclosedMessageTypes.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Contains("__impl", StringComparison.Ordinal)) continue;
            if (Find(part) is { } found && !roots.Any(root => found.MessageType.IsAssignableFrom(root.MessageType))) roots.Add(found);
        }

        return [.. roots];
    }

    private MessageMetadata? Find(string part)
    {
        if (TryLoad(part) is { } type) return conventions.IsMessage(type) || byType.ContainsKey(type) ? Get(type) : null;
        if (byName.TryGetValue(part, out var metadata)) return metadata;
        var comma = part.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && byName.TryGetValue(part[..comma].TrimEnd(), out metadata) ? metadata : null;
    }

    private static Type? TryLoad(string name)
    {
        if (name.Length > LongestLoadedName) return null;
        try
        {
            return Type.GetType(name, throwOnError: false);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or BadImageFormatException or TypeLoadException)
        {
            // A malformed or foreign name is simply not known here.
            return null;
        }
    }

    private MessageMetadata Describe(Type type)
    {
        // The order is stable, and of equals NServiceBus names interfaces before base classes.
        var parents = type.GetInterfaces().Concat(BaseTypes(type)).Where(conventions.IsMessage).OrderByDescending(Depth);
        return new MessageMetadata(type, [type, .. parents]) { TimeToBeReceived = conventions.LifetimeOf(type) };
    }

    private static IEnumerable<Type> BaseTypes(Type type)
    {
        for (var parent = type.BaseType; parent is not null && parent != typeof(object); parent = parent.BaseType) yield return parent;
    }

    private static int Depth(Type type) => type.IsInterface ? type.GetInterfaces().Length : BaseTypes(type).Count() + 1;
}
