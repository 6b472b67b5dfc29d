using System.Text;
using System.Text.Json;

namespace Bank.ServiceBus.ServicePlatform.Tests.Conversations;

/// <summary>A message in a queue of the platform.</summary>
/// <param name="Id">Its id on the transport.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record PlatformMessage(string Id, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? Type => Headers.GetValueOrDefault("NServiceBus.EnclosedMessageTypes");

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
