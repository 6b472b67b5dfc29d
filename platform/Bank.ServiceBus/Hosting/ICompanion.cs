using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Hosting;

/// <summary>Runs beside an endpoint: starts when the endpoint can send but does not receive yet, stops when it receives no more and can still send.</summary>
internal interface ICompanion
{
    Task Start(EndpointSurroundings endpoint, CancellationToken cancellationToken);

    Task Stop(CancellationToken cancellationToken);
}

/// <summary>The endpoint as its companions see it.</summary>
/// <param name="Host">Who the running instance is.</param>
/// <param name="LocalAddress">The queue it receives from; null for a send-only endpoint.</param>
/// <param name="Dispatcher">Sends what must not get in the way of the endpoint's own messages.</param>
/// <param name="Types">All classes of the scanned assemblies; none when scanning is off.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Clock">The time.</param>
/// <param name="Loggers">Where to log.</param>
internal sealed record EndpointSurroundings(
    HostInformation Host,
    string? LocalAddress,
    IMessageDispatcher Dispatcher,
    IEnumerable<Type> Types,
    IServiceProvider Services,
    TimeProvider Clock,
    ILoggerFactory Loggers);
