using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus
{
    /// <summary>Chooses where sagas and the outbox are stored.</summary>
    public static class PersistenceConfig
    {
        /// <summary>Uses a persistence. Required for sagas and the outbox.</summary>
        public static PersistenceExtensions<T> UsePersistence<T>(this EndpointConfiguration config)
            where T : PersistenceDefinition, IPersistenceDefinitionFactory<T>
        {
            config.Values.Persistence = T.Create(config.Settings);
            return new PersistenceExtensions<T>(config.Settings);
        }
    }

    /// <summary>Settings of a persistence.</summary>
    /// <typeparam name="T">The persistence.</typeparam>
    /// <param name="settings">The settings of the endpoint.</param>
    public class PersistenceExtensions<T>(SettingsHolder settings) : ExposeSettings(settings)
        where T : PersistenceDefinition, IPersistenceDefinitionFactory<T>;

    /// <summary>Switches the outbox on.</summary>
    public static class OutboxConfigExtensions
    {
        /// <summary>
        /// Stores what handlers send together with what they write, and sends it after the commit; a message that comes again is recognised by its id.
        /// Needs a persistence that supports it and a transport in mode <see cref="TransportTransactionMode.ReceiveOnly"/>.
        /// </summary>
        public static OutboxSettings EnableOutbox(this EndpointConfiguration config)
        {
            config.Values.Outbox = true;
            return new OutboxSettings(config.Settings);
        }
    }
}

namespace Bank.ServiceBus.Outbox
{
    /// <summary>Settings of the outbox; each persistence adds its own.</summary>
    public class OutboxSettings : ExposeSettings
    {
        internal OutboxSettings(SettingsHolder settings)
            : base(settings)
        {
        }
    }
}
