using System.Text.Json.Nodes;

namespace Bank.Hub.Upcasting;

/// <summary>Brings stored events of older shapes to the newest, on reading; what is stored is never changed. Pure: no store, no bus.</summary>
/// <remarks>A shape has a type name of its own, such as <c>reservation-released</c> and <c>reservation-released-2</c>. A step leads from one to the next; steps follow each other.</remarks>
public sealed class Upcasters
{
    private readonly Dictionary<string, (string To, Action<JsonObject> Change)> steps = new(StringComparer.Ordinal);

    /// <summary>The type names that are only read any more.</summary>
    public IReadOnlyCollection<string> OldTypes => steps.Keys;

    /// <summary>Adds a step.</summary>
    /// <param name="from">The older type name.</param>
    /// <param name="to">The name of the next.</param>
    /// <param name="change">Changes JSON of the older shape into the next. Uses nothing but that JSON.</param>
    /// <returns>These steps.</returns>
    /// <exception cref="ArgumentException">There is a step from that type, or the steps would go in a circle.</exception>
    public Upcasters Add(string from, string to, Action<JsonObject> change)
    {
        for (var next = to; ; next = steps[next].To)
        {
            if (next == from) throw new ArgumentException($"The steps lead from '{from}' back to it.", nameof(to));
            if (!steps.ContainsKey(next)) break;
        }

        if (!steps.TryAdd(from, (to, change))) throw new ArgumentException($"There is a step from '{from}' already.", nameof(from));
        return this;
    }

    /// <summary>Brings an event to its newest shape. One that is of it costs a look-up.</summary>
    /// <exception cref="System.Text.Json.JsonException">The JSON of an event of an older shape is none.</exception>
    /// <exception cref="InvalidOperationException">The JSON of an event of an older shape is no object, or not of that shape.</exception>
    public (string Type, string Json) Upcast(string type, string json)
    {
        if (!steps.ContainsKey(type)) return (type, json);
        var data = JsonNode.Parse(json) as JsonObject ?? throw new InvalidOperationException($"The event of type '{type}' is no JSON object.");
        while (steps.TryGetValue(type, out var step))
        {
            step.Change(data);
            type = step.To;
        }

        return (type, data.ToJsonString());
    }
}
