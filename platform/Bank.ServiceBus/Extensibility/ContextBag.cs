using System.Diagnostics.CodeAnalysis;

namespace Bank.ServiceBus.Extensibility;

/// <summary>A typed bag that travels with one message or one operation. A child sees the values of its parent; not thread-safe.</summary>
public class ContextBag : IReadOnlyContextBag
{
    private readonly ContextBag? parent;
    private Dictionary<string, object?>? values;

    /// <summary>Makes an empty bag.</summary>
    /// <param name="parentBag">Where to look for what this bag does not hold; null for none.</param>
    public ContextBag(ContextBag? parentBag = null) => parent = parentBag;

    /// <inheritdoc />
    public T Get<T>() => Get<T>(typeof(T).FullName!);

    /// <inheritdoc />
    public T Get<T>(string key) =>
        TryGet<T>(key, out var result) ? result! : throw new KeyNotFoundException($"The context holds nothing under '{key}'.");

    /// <inheritdoc />
    public bool TryGet<T>([MaybeNullWhen(false)] out T result) => TryGet(typeof(T).FullName!, out result);

    /// <inheritdoc />
    public bool TryGet<T>(string key, [MaybeNullWhen(false)] out T result)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        for (var bag = this; bag is not null; bag = bag.parent)
        {
            if (bag.values is not null && bag.values.TryGetValue(key, out var value))
            {
                result = (T)value!;
                return true;
            }
        }

        result = default;
        return false;
    }

    /// <summary>Returns the value of a type, made and kept when there is none yet.</summary>
    public T GetOrCreate<T>() where T : class, new()
    {
        if (TryGet<T>(out var value)) return value;
        var created = new T();
        Set(created);
        return created;
    }

    /// <summary>Keeps a value under the name of its type, replacing an earlier one.</summary>
    public void Set<T>(T t) => Set(typeof(T).FullName!, t);

    /// <summary>Keeps a value under a key, replacing an earlier one.</summary>
    public void Set<T>(string key, T t)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        (values ??= new Dictionary<string, object?>(StringComparer.Ordinal))[key] = t;
    }

    /// <summary>Forgets the value of a type; values of the parent stay.</summary>
    public void Remove<T>() => Remove(typeof(T).FullName!);

    /// <summary>Forgets the value of a key; values of the parent stay.</summary>
    public void Remove(string key) => values?.Remove(key);
}
