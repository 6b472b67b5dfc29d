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

    private MessageConventions Conventions => Settings.GetOrCreate<EndpointValues>().Conventions;
}

/// <summary>Which types are messages.</summary>
internal sealed class MessageConventions
{
    public Func<Type, bool> Command { get; set; } = _ => false;

    public Func<Type, bool> Event { get; set; } = _ => false;

    public Func<Type, bool> Message { get; set; } = _ => false;

    public bool IsCommand(Type type) => Marked(type, typeof(ICommand)) || Command(type);

    public bool IsEvent(Type type) => Marked(type, typeof(IEvent)) || Event(type);

    public bool IsMessage(Type type) => Marked(type, typeof(IMessage)) || IsCommand(type) || IsEvent(type) || Message(type);

    private static bool Marked(Type type, Type marker) =>
        marker.IsAssignableFrom(type) && type != typeof(IMessage) && type != typeof(ICommand) && type != typeof(IEvent);
}
