using System.Diagnostics.CodeAnalysis;

namespace Bank.ServiceBus.Extensibility;

/// <summary>A typed bag to read from.</summary>
public interface IReadOnlyContextBag
{
    /// <summary>Returns the value of a type.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    T Get<T>();

    /// <summary>Returns the value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    T Get<T>(string key);

    /// <summary>Returns the value of a type, if there is one.</summary>
    bool TryGet<T>([MaybeNullWhen(false)] out T result);

    /// <summary>Returns the value of a key, if there is one.</summary>
    bool TryGet<T>(string key, [MaybeNullWhen(false)] out T result);
}
