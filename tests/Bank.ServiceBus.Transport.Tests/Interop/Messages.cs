namespace Interop.Messages;

public sealed record PlaceOrder(string OrderId, int Quantity) : Bank.ServiceBus.ICommand;

public sealed record OrderConfirmed(string OrderId) : Bank.ServiceBus.IMessage;

public sealed record StockReserved(string OrderId, int Left) : Bank.ServiceBus.IEvent;

public sealed record ShipmentLeft(string OrderId) : Bank.ServiceBus.IEvent;
