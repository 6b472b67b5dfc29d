namespace Bank.ServiceBus.Testing;

/// <summary>The context to give to a handler in a test: it remembers what the handler sent, and sends nothing.</summary>
public class TestableMessageHandlerContext : TestableInvokeHandlerContext;
