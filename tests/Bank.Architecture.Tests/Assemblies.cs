using System.Reflection;

namespace Bank.Architecture.Tests;

/// <summary>The assemblies of this repository, by the folder they live in.</summary>
internal static class Assemblies
{
    public static readonly Assembly Contracts = typeof(Bank.Contracts.Money).Assembly;

    public static readonly string[] EndpointNames = ["Bank.Accounts", "Bank.Transfers", "Bank.Projections", "Bank.Insights", "Bank.Channels"];

    public static readonly string[] PlatformNames =
    [
        "Bank.ServiceBus", "Bank.ServiceBus.RabbitMQ", "Bank.ServiceBus.Persistence.Sql", "Bank.ServiceBus.ServicePlatform", "Bank.ServiceBus.Testing",
        "Bank.StreamStore", "Bank.Hub", "Bank.Hosting",
    ];

    public static Assembly[] Endpoints { get; } = [.. EndpointNames.Select(Assembly.Load)];

    public static Assembly[] Platform { get; } = [.. PlatformNames.Where(name => name != "Bank.ServiceBus.Testing").Select(Assembly.Load)];
}
