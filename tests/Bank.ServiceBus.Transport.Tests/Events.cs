namespace Bank.ServiceBus.Transport.Tests;

public interface ISomethingHappened;

public class OrderEvent : ISomethingHappened;

public sealed class OrderPlaced : OrderEvent;

public sealed class OrderPaid : OrderEvent;
