using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Transport;

/// <summary>Whatever a transport keeps to tie outgoing operations to the receipt of a message.</summary>
public sealed class TransportTransaction : ContextBag;
