using System.Buffers;
using System.Text.Json;
using Bank.ServiceBus.MessageInterfaces;
using Bank.ServiceBus.Serialization;
using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus;

/// <summary>JSON by System.Text.Json with its defaults: names as declared, nulls written, unknown members ignored.</summary>
public class SystemJsonSerializer : SerializationDefinition
{
    internal const string OptionsKey = "SystemJsonSerializer.Options";

    /// <inheritdoc />
    public override Func<IMessageMapper, IMessageSerializer> Configure(IReadOnlySettings settings)
    {
        var chosen = settings.TryGet<JsonSerializerOptions>(OptionsKey, out var options) ? options : JsonSerializerOptions.Default;
        return mapper => new Serializer(chosen, mapper);
    }

    private sealed class Serializer(JsonSerializerOptions options, IMessageMapper mapper) : IMessageSerializer
    {
        public string ContentType => ContentTypes.Json;

        public void Serialize(object message, IBufferWriter<byte> output)
        {
            using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = options.Encoder, Indented = options.WriteIndented });
            JsonSerializer.Serialize(writer, message, options.GetTypeInfo(message.GetType()));
        }

        public object Deserialize(ReadOnlyMemory<byte> body, Type messageType) =>
            JsonSerializer.Deserialize(body.Span, options.GetTypeInfo(messageType.IsInterface ? mapper.GetMappedTypeFor(messageType) : messageType)) ?? throw new JsonException("The body is the JSON value null.");
    }
}

/// <summary>Settings of <see cref="SystemJsonSerializer"/>.</summary>
public static class SystemJsonConfigurationExtensions
{
    /// <summary>Uses other options than the defaults of System.Text.Json.</summary>
    public static void Options(this SerializationExtensions<SystemJsonSerializer> config, JsonSerializerOptions options) =>
        config.Settings.Set(SystemJsonSerializer.OptionsKey, options ?? throw new ArgumentNullException(nameof(options)));
}
