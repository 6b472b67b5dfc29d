using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus;

/// <summary>Headers of an outgoing message.</summary>
public static class HeaderOptionExtensions
{
    /// <summary>The headers set so far.</summary>
    public static IReadOnlyDictionary<string, string> GetHeaders(this ExtendableOptions options) => options.OutgoingHeaders;

    /// <summary>Sets a header, replacing an earlier value.</summary>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public static void SetHeader(this ExtendableOptions options, string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        options.OutgoingHeaders[key] = value;
    }
}

/// <summary>The id of an outgoing message.</summary>
public static class MessageIdExtensions
{
    /// <summary>Sets the message id; without it a new one is made.</summary>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public static void SetMessageId(this ExtendableOptions options, string messageId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(messageId);
        options.MessageId = messageId;
    }

    /// <summary>The id set; null when none was.</summary>
    public static string? GetMessageId(this ExtendableOptions options) => options.MessageId;
}

/// <summary>Where an outgoing message goes, and where its replies go.</summary>
public static class RoutingOptionExtensions
{
    /// <summary>Sends to an endpoint, whatever routing says.</summary>
    public static void SetDestination(this SendOptions options, string destination) => Direct(options, destination);

    /// <summary>Replies to an endpoint, whatever the incoming message says.</summary>
    public static void SetDestination(this ReplyOptions options, string destination) => Direct(options, destination);

    /// <summary>The destination set; null when none was.</summary>
    public static string? GetDestination(this SendOptions options) => options.Destination;

    /// <summary>The destination set; null when none was.</summary>
    public static string? GetDestination(this ReplyOptions options) => options.Destination;

    /// <summary>Sends to any instance of this endpoint.</summary>
    /// <exception cref="InvalidOperationException">Another way was chosen before.</exception>
    public static void RouteToThisEndpoint(this SendOptions options)
    {
        RefuseSecondRoute(options);
        options.ToThisEndpoint = true;
    }

    /// <summary>Sends to this instance of this endpoint, which needs <see cref="ReceiveSettingsExtensions.MakeInstanceUniquelyAddressable"/>.</summary>
    /// <exception cref="InvalidOperationException">Another way was chosen before.</exception>
    public static void RouteToThisInstance(this SendOptions options)
    {
        RefuseSecondRoute(options);
        options.ToThisInstance = true;
    }

    /// <summary>Sends to one instance of the endpoint that routing names.</summary>
    /// <param name="options">The options.</param>
    /// <param name="instanceId">The discriminator of the instance.</param>
    /// <exception cref="InvalidOperationException">Another way was chosen before.</exception>
    public static void RouteToSpecificInstance(this SendOptions options, string instanceId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        RefuseSecondRoute(options);
        options.SpecificInstance = instanceId;
    }

    /// <summary>The instance named by <see cref="RouteToSpecificInstance"/>; null when none was.</summary>
    public static string? GetRouteToSpecificInstance(this SendOptions options) => options.SpecificInstance;

    /// <summary>Leads replies to this instance alone, which needs <see cref="ReceiveSettingsExtensions.MakeInstanceUniquelyAddressable"/>.</summary>
    /// <exception cref="InvalidOperationException">Another address was chosen before.</exception>
    public static void RouteReplyToThisInstance(this SendOptions options) => LeadRepliesHere(options);

    /// <summary>Leads replies to this instance alone, which needs <see cref="ReceiveSettingsExtensions.MakeInstanceUniquelyAddressable"/>.</summary>
    /// <exception cref="InvalidOperationException">Another address was chosen before.</exception>
    public static void RouteReplyToThisInstance(this ReplyOptions options) => LeadRepliesHere(options);

    /// <summary>Leads replies to an address instead of this endpoint.</summary>
    public static void RouteReplyTo(this SendOptions options, string address) => LeadReplies(options, address);

    /// <summary>Leads replies to an address instead of this endpoint.</summary>
    public static void RouteReplyTo(this ReplyOptions options, string address) => LeadReplies(options, address);

    private static void Direct(ExtendableOptions options, string destination)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(destination);
        options.Destination = destination;
    }

    private static void RefuseSecondRoute(SendOptions options)
    {
        if (options.ToThisEndpoint || options.ToThisInstance || options.SpecificInstance is not null || options.Destination is not null)
            throw new InvalidOperationException("The options of the send already say where it goes.");
    }

    private static void LeadRepliesHere(ExtendableOptions options)
    {
        if (options.ReplyTo is not null) throw new InvalidOperationException("RouteReplyTo: the options already say where replies go.");
        options.ReplyToThisInstance = true;
    }

    private static void LeadReplies(ExtendableOptions options, string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        if (options.ReplyToThisInstance) throw new InvalidOperationException("RouteReplyToThisInstance: the options already say where replies go.");
        options.ReplyTo = address;
    }
}

/// <summary>When a sent message is delivered.</summary>
public static class DelayedDeliveryOptionExtensions
{
    /// <summary>Delivers after this long.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is below zero.</exception>
    /// <exception cref="InvalidOperationException">An instant of delivery was set before.</exception>
    public static void DelayDeliveryWith(this SendOptions options, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (options.Delivery.DoNotDeliverBefore is not null)
            throw new InvalidOperationException("DelayDeliveryWith: an instant of delivery is set already.");
        options.Delivery = options.Delivery with { DelayDeliveryWith = delay };
    }

    /// <summary>Delivers not before this instant.</summary>
    /// <exception cref="InvalidOperationException">A delay was set before.</exception>
    public static void DoNotDeliverBefore(this SendOptions options, DateTimeOffset at)
    {
        if (options.Delivery.DelayDeliveryWith is not null)
            throw new InvalidOperationException("DoNotDeliverBefore: a delay is set already.");
        options.Delivery = options.Delivery with { DoNotDeliverBefore = at };
    }

    /// <summary>The instant set; null when none was.</summary>
    public static DateTimeOffset? GetDeliveryDate(this SendOptions options) => options.Delivery.DoNotDeliverBefore;

    /// <summary>The delay set; null when none was.</summary>
    public static TimeSpan? GetDeliveryDelay(this SendOptions options) => options.Delivery.DelayDeliveryWith;
}

/// <summary>Whether an outgoing message waits for the handlers to succeed.</summary>
public static class ImmediateDispatchOptionExtensions
{
    /// <summary>Sends at once, whatever becomes of the message being handled; bypasses the outbox.</summary>
    public static void RequireImmediateDispatch(this ExtendableOptions options) => options.ImmediateDispatch = true;

    /// <summary>Whether it is sent at once.</summary>
    public static bool IsImmediateDispatchSet(this ExtendableOptions options) => options.ImmediateDispatch;
}

/// <summary>Whether a message may go a way that its kind is not meant for.</summary>
public static class BestPracticesOptionExtensions
{
    /// <summary>Lets this one operation send an event, publish a command, or reply with either.</summary>
    public static void DoNotEnforceBestPractices(this ExtendableOptions options) => options.EnforcesBestPractices = false;
}
