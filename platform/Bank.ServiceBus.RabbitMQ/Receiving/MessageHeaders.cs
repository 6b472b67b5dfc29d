using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Headers of incoming messages, whoever wrote them.</summary>
internal static class MessageHeaders
{
    private const string CallbackQueue = "NServiceBus.RabbitMQ.CallbackQueue";
    private const string DeliveryCount = "x-delivery-count";

    private static readonly string[] OfBroker =
    [
        MessageProperties.DelayInSeconds, "x-death", "x-first-death-exchange", "x-first-death-queue", "x-first-death-reason",
        "NServiceBus.Transport.RabbitMQ.ConfirmationId", "x-dotnet-pub-seq-no", DeliveryCount,
    ];

    public static Dictionary<string, string> Read(BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in properties.Headers ?? new Dictionary<string, object?>())
        {
            if (!OfBroker.Contains(key)) headers[key] = Text(value);
        }

        if (properties.IsReplyToPresent()) headers[Headers.ReplyToAddress] = properties.ReplyTo!;
        if (headers.TryGetValue(CallbackQueue, out var callback)) headers[Headers.ReplyToAddress] = callback;
        if (properties.IsCorrelationIdPresent()) headers[Headers.CorrelationId] = properties.CorrelationId!;
        if (properties.IsContentTypePresent()) headers[Headers.ContentType] = properties.ContentType!;
        if (properties.IsTypePresent()) headers.TryAdd(Headers.EnclosedMessageTypes, properties.Type!);
        if (properties.IsDeliveryModePresent() && properties.DeliveryMode == DeliveryModes.Transient) headers[MessageProperties.NonPersistent] = bool.TrueString;
        return headers;
    }

    /// <summary>How often the broker has delivered the message before, where it counts that.</summary>
    public static long? DeliveriesBefore(BasicDeliverEventArgs delivery) =>
        delivery.BasicProperties.Headers?.TryGetValue(DeliveryCount, out var value) == true && value is not null
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : null;

    private static string Text(object? value) => value switch
    {
        null => "",
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string text => text,
        AmqpTimestamp timestamp => DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.FromUnixTimeSeconds(timestamp.UnixTime)),
        IDictionary<string, object?> table => string.Join(',', table.Select(pair => $"{pair.Key}={Text(pair.Value)}")),
        System.Collections.IList list => string.Join(';', list.Cast<object?>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
