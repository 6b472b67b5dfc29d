namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Stored state cannot be read; trying again is pointless, so the message goes to the error queue at once.</summary>
/// <param name="message">What cannot be read.</param>
/// <param name="inner">Why.</param>
public sealed class SerializationException(string message, Exception inner) : Exception(message, inner);
