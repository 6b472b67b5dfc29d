using System.Diagnostics.CodeAnalysis;

namespace Bank.ServiceBus.Settings;

/// <summary>Settings to read from.</summary>
public interface IReadOnlySettings
{
    /// <summary>Returns a setting.</summary>
    /// <exception cref="KeyNotFoundException">It was not set.</exception>
    T Get<T>(string key);

    /// <summary>Returns the setting of a type.</summary>
    /// <exception cref="KeyNotFoundException">It was not set.</exception>
    T Get<T>();

    /// <summary>Returns a setting, if it was set.</summary>
    bool TryGet<T>(string key, [MaybeNullWhen(false)] out T value);

    /// <summary>Returns the setting of a type, if it was set.</summary>
    bool TryGet<T>([MaybeNullWhen(false)] out T value);
}

/// <summary>The settings of one endpoint: what its configuration calls have gathered.</summary>
public sealed class SettingsHolder : IReadOnlySettings
{
    private readonly Dictionary<string, object?> values = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public T Get<T>(string key) =>
        TryGet<T>(key, out var value) ? value : throw new KeyNotFoundException($"The setting '{key}' has no value.");

    /// <inheritdoc />
    public T Get<T>() => Get<T>(typeof(T).FullName!);

    /// <inheritdoc />
    public bool TryGet<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        if (values.TryGetValue(key, out var found))
        {
            value = (T)found!;
            return true;
        }

        value = default;
        return false;
    }

    /// <inheritdoc />
    public bool TryGet<T>([MaybeNullWhen(false)] out T value) => TryGet(typeof(T).FullName!, out value);

    /// <summary>Returns the setting of a type, made and kept when there is none yet.</summary>
    public T GetOrCreate<T>() where T : class, new()
    {
        if (TryGet<T>(out var value)) return value;
        var created = new T();
        Set(created);
        return created;
    }

    /// <summary>Keeps a setting, replacing an earlier value.</summary>
    public void Set(string key, object? value) => values[key] = value;

    /// <summary>Keeps the setting of a type, replacing an earlier value.</summary>
    public void Set<T>(T value) => values[typeof(T).FullName!] = value;
}
