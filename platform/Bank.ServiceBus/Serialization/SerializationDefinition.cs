using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.MessageInterfaces;
using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus.Serialization
{
    /// <summary>A kind of serializer.</summary>
    public abstract class SerializationDefinition
    {
        /// <summary>Returns what makes the serializer of an endpoint, given what knows the classes behind interface messages.</summary>
        public abstract Func<IMessageMapper, IMessageSerializer> Configure(IReadOnlySettings settings);
    }

    /// <summary>Writes and reads message bodies.</summary>
    public interface IMessageSerializer
    {
        /// <summary>The content type of what it writes.</summary>
        string ContentType { get; }

        /// <summary>Writes a message.</summary>
        void Serialize(object message, System.Buffers.IBufferWriter<byte> output);

        /// <summary>Reads a message.</summary>
        /// <exception cref="Exception">The body is not a message of the type; whatever is thrown becomes a <see cref="MessageDeserializationException"/>.</exception>
        object Deserialize(ReadOnlyMemory<byte> body, Type messageType);
    }

    /// <summary>Settings of a serializer.</summary>
    /// <typeparam name="T">The serializer.</typeparam>
    public class SerializationExtensions<T> : ExposeSettings where T : SerializationDefinition, new()
    {
        internal SerializationExtensions(SettingsHolder settings)
            : base(settings)
        {
        }
    }
}

namespace Bank.ServiceBus
{
    using Bank.ServiceBus.Serialization;

    /// <summary>Chooses the serializer.</summary>
    public static class SerializationConfigExtensions
    {
        /// <summary>Uses a serializer. Required.</summary>
        public static SerializationExtensions<T> UseSerialization<T>(this EndpointConfiguration config) where T : SerializationDefinition, new()
        {
            config.Values.Serializer = new T();
            return new SerializationExtensions<T>(config.Settings);
        }
    }

    /// <summary>A received body could not be turned into a message; trying again is pointless, so it goes to the error queue at once.</summary>
    public sealed class MessageDeserializationException : Exception
    {
        internal MessageDeserializationException(string messageId, string reason, Exception? inner)
            : base($"The message '{messageId}' could not be read: {reason}", inner)
        {
        }
    }
}
