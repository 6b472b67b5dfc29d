using Bank.ServiceBus.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.Testing;

/// <summary>A context with services.</summary>
/// <param name="messageCreator">Makes the messages that the code under test only describes. Default: one that makes classes and interfaces.</param>
public abstract class TestableIncomingContext(IMessageCreator? messageCreator = null) : TestableMessageProcessingContext(messageCreator), IIncomingContext
{
    private ServiceProvider? built;

    /// <summary>The services that the code under test can ask for. Filled before the first one is asked for.</summary>
    public IServiceCollection ServiceCollection { get; set; } = new ServiceCollection();

    IServiceProvider IBehaviorContext.Builder => built ??= ServiceCollection.BuildServiceProvider();
}
