using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bank.Hosting;

/// <summary>How the bank reads and writes JSON: the defaults of System.Text.Json, and two things that must never be guessed.</summary>
/// <remarks>
/// A value without one of its members is refused and the member named: an amount without its number is not zero.
/// An instant without an offset is UTC, whatever the time zone of the machine.
/// </remarks>
public static class MessageJson
{
    /// <summary>The form of messages: names as declared.</summary>
    public static JsonSerializerOptions Options { get; } = Make(JsonSerializerDefaults.General);

    /// <summary>The form of HTTP: names in camel case, read in any case.</summary>
    public static JsonSerializerOptions Web { get; } = Make(JsonSerializerDefaults.Web);

    private static JsonSerializerOptions Make(JsonSerializerDefaults defaults)
    {
        var options = new JsonSerializerOptions(defaults) { RespectRequiredConstructorParameters = true };
        options.Converters.Add(new InstantConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTime() is { Kind: DateTimeKind.Unspecified } withoutOffset ? new DateTimeOffset(withoutOffset, TimeSpan.Zero) : reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
