namespace Interop.Messages;

public sealed record PlaceOrder(string OrderId, int Quantity) : Bank.ServiceBus.ICommand;

public sealed record OrderConfirmed(string OrderId) : Bank.ServiceBus.IMessage;

public sealed record StockReserved(string OrderId, int Left) : Bank.ServiceBus.IEvent;

public sealed record ShipmentLeft(string OrderId) : Bank.ServiceBus.IEvent;

[Bank.ServiceBus.TimeToBeReceived("00:10:00")]
public sealed record AskForQuote(string OrderId) : Bank.ServiceBus.ICommand;
