using System.Globalization;
using System.Text.Json;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Microsoft.AspNetCore.Http;

namespace Bank.Hosting;

/// <summary>Answers over HTTP what happened to one thing, from its stream, a page at a time.</summary>
public sealed class StreamHistory
{
    private const int UsualEvents = 100;
    private const int MostEvents = 1000;

    /// <summary>The member of the answer that repeats the id, such as <c>accountId</c>.</summary>
    public required string IdMember { get; init; }

    /// <summary>The stream of an id; null when nothing can have that id.</summary>
    public required Func<string, StreamId?> StreamOf { get; init; }

    /// <summary>The type and data of a stored event with its JSON, in the form in which they are shown.</summary>
    public required Func<StreamMessage, string, (string Type, JsonElement Data)> Show { get; init; }

    /// <summary>What is answered when there is no such stream.</summary>
    public required Func<string, IResult> Unknown { get; init; }

    /// <summary>Answers a page. <paramref name="from"/> is its first version, 0 when left out; <paramref name="limit"/> the most events in it, 1 to 1000, 100 when left out.</summary>
    public async Task<IResult> Answer(string id, string? from, string? limit, IStreamStore store, CancellationToken cancellationToken)
    {
        // Texts rather than numbers: what is no number is then refused by name too.
        if (!TryNumber(from, 0, 0, int.MaxValue, out var first)) return Invalid("from", "must be a whole number, 0 or more");
        if (!TryNumber(limit, UsualEvents, 1, MostEvents, out var count)) return Invalid("limit", $"must be a whole number from 1 to {MostEvents}");
        if (StreamOf(id) is not { } stream) return Unknown(id);
        var page = await store.ReadStreamForwards(stream, first, count, prefetchJsonData: true, cancellationToken);
        if (page.Status == PageReadStatus.StreamNotFound) return Unknown(id);
        var events = new List<object>(page.Messages.Length);
        foreach (var message in page.Messages)
        {
            var (type, data) = Show(message, (await message.GetJsonData(cancellationToken))!);
            events.Add(new { version = message.StreamVersion, position = message.Position, eventId = message.MessageId, type, data });
        }

        return Results.Ok(new Dictionary<string, object?>
        {
            [IdMember] = id, ["lastVersion"] = page.LastStreamVersion, ["next"] = page.IsEnd ? null : page.NextStreamVersion, ["events"] = events,
        });
    }

    private static bool TryNumber(string? text, int whenMissing, int min, int max, out int number)
    {
        number = whenMissing;
        return string.IsNullOrEmpty(text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max);
    }

    private static IResult Invalid(string field, string problem) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });
}
