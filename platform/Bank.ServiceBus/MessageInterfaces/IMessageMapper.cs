namespace Bank.ServiceBus
{
    /// <summary>Makes messages, also of types that are only interfaces.</summary>
    public interface IMessageCreator
    {
        /// <summary>Makes a message.</summary>
        /// <typeparam name="T">Its type: a class, or an interface with nothing but properties.</typeparam>
        /// <exception cref="InvalidOperationException">Nothing can be made of the type; the message says why.</exception>
        T CreateInstance<T>();

        /// <summary>Makes a message and fills it.</summary>
        /// <typeparam name="T">Its type: a class, or an interface with nothing but properties.</typeparam>
        /// <exception cref="InvalidOperationException">Nothing can be made of the type; the message says why.</exception>
        T CreateInstance<T>(Action<T> action);

        /// <summary>Makes a message.</summary>
        /// <param name="messageType">Its type: a class, or an interface with nothing but properties.</param>
        /// <exception cref="InvalidOperationException">Nothing can be made of the type; the message says why.</exception>
        object CreateInstance(Type messageType);
    }
}

namespace Bank.ServiceBus.MessageInterfaces
{
    /// <summary>Knows the classes that stand for message types which are interfaces.</summary>
    public interface IMessageMapper : IMessageCreator
    {
        /// <summary>The class that stands for an interface, or the interface that such a class stands for; any other type itself.</summary>
        /// <exception cref="InvalidOperationException">The interface has more than properties, or is not public.</exception>
        Type GetMappedTypeFor(Type t);
    }
}
