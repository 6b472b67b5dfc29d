namespace Bank.ServiceBus.Testing;

/// <summary>The context to give to a handler in a test: it remembers what the handler sent, and sends nothing.</summary>
/// <param name="messageCreator">Makes the messages that the handler only describes. Default: one that makes classes and interfaces.</param>
public class TestableMessageHandlerContext(IMessageCreator? messageCreator = null) : TestableInvokeHandlerContext(messageCreator);
