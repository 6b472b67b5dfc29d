namespace Bank.ServiceBus.Routing;

/// <summary>Which endpoint gets messages of which type.</summary>
internal sealed class RoutingTable
{
    private readonly Dictionary<Type, string> routes = [];

    public RoutingTable(EndpointValues values)
    {
        foreach (var (assembly, destination) in values.AssemblyRoutes)
        {
            foreach (var type in assembly.GetExportedTypes().Where(type => values.Conventions.IsMessage(type) && !values.Conventions.IsEvent(type)))
                routes[type] = destination;
        }

        foreach (var (type, destination) in values.TypeRoutes) routes[type] = destination;
    }

    public IEnumerable<Type> Types => routes.Keys;

    public string DestinationOf(Type messageType) =>
        routes.TryGetValue(messageType, out var destination)
            ? destination
            : throw new InvalidOperationException(
                $"No destination is known for {messageType.FullName}: name one with RouteToEndpoint, or set it in the options of the send.");
}
