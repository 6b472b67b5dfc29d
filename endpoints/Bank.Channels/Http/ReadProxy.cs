using Yarp.ReverseProxy.Configuration;

namespace Bank.Channels.Http;

/// <summary>Passes reads on to the endpoint that owns the answer.</summary>
internal static class ReadProxy
{
    /// <exception cref="InvalidOperationException">An address is missing or malformed; the message names the setting.</exception>
    public static void AddReadProxy(this IServiceCollection services, IConfiguration configuration) =>
        services.AddReverseProxy().LoadFromMemory(
            [
                Route("history", "accounts", "/accounts/{id}/events"),
                Route("commands", "accounts", "/accounts/{id}/commands"),
                Route("accounts", "projections", "/accounts"),
                Route("account", "projections", "/accounts/{id}"),
                Route("statement", "projections", "/accounts/{id}/statement"),
                Route("end-of-day", "projections", "/accounts/{id}/end-of-day"),
                Route("end-of-day-picture", "projections", "/accounts/{id}/end-of-day.png"),
                Route("transfer-history", "transfers", "/transfers/{id}/events"),
                Route("transfers", "projections", "/transfers/{**rest}"),
                Route("ledger", "projections", "/ledger/{**rest}"),
            ],
            [
                Cluster("accounts", configuration, "Bank:Services:Accounts"),
                Cluster("projections", configuration, "Bank:Services:Projections"),
                Cluster("transfers", configuration, "Bank:Services:Transfers"),
            ]);

    private static RouteConfig Route(string name, string owner, string path) => new()
    {
        RouteId = name,
        ClusterId = owner,
        Match = new RouteMatch { Path = path, Methods = ["GET"] },
    };

    private static ClusterConfig Cluster(string name, IConfiguration configuration, string key) => new()
    {
        ClusterId = name,
        Destinations = new Dictionary<string, DestinationConfig> { [name] = new() { Address = Address(configuration, key) } },
    };

    private static string Address(IConfiguration configuration, string key) =>
        Uri.TryCreate(configuration[key], UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address.ToString()
            : throw new InvalidOperationException($"{key}: '{configuration[key]}' is not an http address.");
}
