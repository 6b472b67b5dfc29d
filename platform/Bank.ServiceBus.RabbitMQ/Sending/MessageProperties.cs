using System.Globalization;
using Bank.ServiceBus.Transport;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>AMQP properties of outgoing messages.</summary>
internal static class MessageProperties
{
    public const string DelayInSeconds = "NServiceBus.Transport.RabbitMQ.DelayInSeconds";
    public const string NonPersistent = "NServiceBus.Transport.RabbitMQ.UseNonPersistentDelivery";

    public static BasicProperties Write(OutgoingMessage message, DispatchProperties dispatch, int? delaySeconds)
    {
        var headers = new Dictionary<string, object?>(message.Headers.Count + 1, StringComparer.Ordinal);
        foreach (var (key, value) in message.Headers) headers[key] = value;
        var nonPersistent = headers.Remove(NonPersistent, out var flag) && flag is "True";
        if (delaySeconds is { } seconds) headers[DelayInSeconds] = seconds;

        var properties = new BasicProperties
        {
            MessageId = message.MessageId,
            DeliveryMode = nonPersistent ? DeliveryModes.Transient : DeliveryModes.Persistent,
            ContentType = message.Headers.GetValueOrDefault(Headers.ContentType) ?? "application/octet-stream",
            Headers = headers,
        };
        if (message.Headers.TryGetValue(Headers.CorrelationId, out var correlation)) properties.CorrelationId = correlation;
        if (message.Headers.TryGetValue(Headers.ReplyToAddress, out var replyTo)) properties.ReplyTo = replyTo;
        if (message.Headers.TryGetValue(Headers.EnclosedMessageTypes, out var types)) properties.Type = types.Split(',', 2)[0];
        if (dispatch.DiscardIfNotReceivedBefore is { } lifetime && lifetime != TimeSpan.MaxValue)
            properties.Expiration = ((long)lifetime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return properties;
    }
}
