using System.Reflection;
using Bank.Contracts;
using Bank.Contracts.Documents;
using Bank.ServiceBus;

namespace Bank.Architecture.Tests;

/// <summary>The documents about the messages say of each command which endpoints handle it: those that do.</summary>
public sealed class MessageRouteTests
{
    public static TheoryData<string> Commands => [.. ContractMessages.All.Where(ContractMessages.IsCommand).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_is_documented_at_the_endpoints_that_handle_it(string name)
    {
        var command = ContractMessages.All.Single(type => type.Name == name);
        var handling = Assemblies.Endpoints.Where(endpoint => HandledBy(endpoint).Contains(command)).Select(endpoint => endpoint.GetName().Name!).Order(StringComparer.Ordinal);
        Assert.Equal(ContractMessages.EndpointsOf(command), handling);
    }

    private static IEnumerable<Type> HandledBy(Assembly endpoint) =>
        endpoint.GetTypes().Where(type => !type.IsAbstract).SelectMany(type => type.GetInterfaces())
            .Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IHandleMessages<>))
            .Select(contract => contract.GetGenericArguments()[0]);
}
