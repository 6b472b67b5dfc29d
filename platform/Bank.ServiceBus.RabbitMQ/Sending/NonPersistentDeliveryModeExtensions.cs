using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.RabbitMQ;

namespace Bank.ServiceBus;

/// <summary>How durable a message is on the broker.</summary>
public static class NonPersistentDeliveryModeExtensions
{
    /// <summary>The message need not survive a restart of the broker. A quorum queue keeps it all the same.</summary>
    public static void UseNonPersistentDeliveryMode(this SendOptions options) => Mark(options);

    /// <summary>The event need not survive a restart of the broker. A quorum queue keeps it all the same.</summary>
    public static void UseNonPersistentDeliveryMode(this PublishOptions options) => Mark(options);

    /// <summary>The reply need not survive a restart of the broker. A quorum queue keeps it all the same.</summary>
    public static void UseNonPersistentDeliveryMode(this ReplyOptions options) => Mark(options);

    private static void Mark(ExtendableOptions options) => options.SetHeader(MessageProperties.NonPersistent, bool.TrueString);
}
