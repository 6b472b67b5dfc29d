namespace Bank.LocalServers;

/// <summary>A server could not be started; the message says why and what to do.</summary>
public sealed class LocalServerException(string message, Exception? inner = null) : Exception(message, inner);
