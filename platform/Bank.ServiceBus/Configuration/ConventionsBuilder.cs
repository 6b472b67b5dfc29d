using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus;

/// <summary>Says which types are messages, where they do not carry the marker interfaces.</summary>
public class ConventionsBuilder : ExposeSettings
{
    internal ConventionsBuilder(SettingsHolder settings)
        : base(settings)
    {
    }

    /// <summary>Types that are commands, besides those marked with <see cref="ICommand"/>.</summary>
    public ConventionsBuilder DefiningCommandsAs(Func<Type, bool> definesCommandType)
    {
        Conventions.Command = definesCommandType ?? throw new ArgumentNullException(nameof(definesCommandType));
        return this;
    }

    /// <summary>Types that are events, besides those marked with <see cref="IEvent"/>.</summary>
    public ConventionsBuilder DefiningEventsAs(Func<Type, bool> definesEventType)
    {
        Conventions.Event = definesEventType ?? throw new ArgumentNullException(nameof(definesEventType));
        return this;
    }

    /// <summary>Types that are messages but neither commands nor events, besides those marked with <see cref="IMessage"/>.</summary>
    public ConventionsBuilder DefiningMessagesAs(Func<Type, bool> definesMessageType)
    {
        Conventions.Message = definesMessageType ?? throw new ArgumentNullException(nameof(definesMessageType));
        return this;
    }

    /// <summary>How long messages of a type are worth receiving, where <see cref="TimeToBeReceivedAttribute"/> does not say it; <see cref="TimeSpan.MaxValue"/> for ever.</summary>
    public ConventionsBuilder DefiningTimeToBeReceivedAs(Func<Type, TimeSpan> retrieveTimeToBeReceived)
    {
        Conventions.TimeToBeReceived = retrieveTimeToBeReceived ?? throw new ArgumentNullException(nameof(retrieveTimeToBeReceived));
        return this;
    }

    private MessageConventions Conventions => Settings.GetOrCreate<EndpointValues>().Conventions;
}

/// <summary>Which types are messages.</summary>
internal sealed class MessageConventions
{
    public Func<Type, bool> Command { get; set; } = _ => false;

    public Func<Type, bool> Event { get; set; } = _ => false;

    public Func<Type, bool> Message { get; set; } = _ => false;

    public Func<Type, TimeSpan> TimeToBeReceived { get; set; } = _ => TimeSpan.MaxValue;

    /// <summary>How long messages of a type are worth receiving; null for ever.</summary>
    /// <exception cref="InvalidOperationException">The time is not positive.</exception>
    public TimeSpan? LifetimeOf(Type type)
    {
        var attribute = (TimeToBeReceivedAttribute?)Attribute.GetCustomAttribute(type, typeof(TimeToBeReceivedAttribute));
        var time = attribute?.TimeToBeReceived ?? TimeToBeReceived(type);
        if (time <= TimeSpan.Zero) throw new InvalidOperationException($"{type.FullName}: its time to be received is {time}; it must be longer than nothing.");
        return time == TimeSpan.MaxValue ? null : time;
    }

    public bool IsCommand(Type type) => Marked(type, typeof(ICommand)) || Command(type);

    public bool IsEvent(Type type) => Marked(type, typeof(IEvent)) || Event(type);

    public bool IsMessage(Type type) => Marked(type, typeof(IMessage)) || IsCommand(type) || IsEvent(type) || Message(type);

    private static bool Marked(Type type, Type marker) =>
        marker.IsAssignableFrom(type) && type != typeof(IMessage) && type != typeof(ICommand) && type != typeof(IEvent);
}
