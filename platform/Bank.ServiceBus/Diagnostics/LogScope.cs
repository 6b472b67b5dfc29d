using System.Collections;

namespace Bank.ServiceBus.Diagnostics;

/// <summary>Named values that log lines carry. Those without a value are left out.</summary>
internal sealed class LogScope : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?>[] values;

    public LogScope(params ReadOnlySpan<(string Name, object? Value)> named)
    {
        var known = 0;
        foreach (var (_, value) in named) known += value is null ? 0 : 1;
        values = new KeyValuePair<string, object?>[known];
        var next = 0;
        foreach (var (name, value) in named)
        {
            if (value is not null) values[next++] = new KeyValuePair<string, object?>(name, value);
        }
    }

    public int Count => values.Length;

    public KeyValuePair<string, object?> this[int index] => values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', values.Select(value => $"{value.Key}:{value.Value}"));
}
