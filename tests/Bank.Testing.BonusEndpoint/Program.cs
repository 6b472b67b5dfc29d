using Bank.Contracts;
using Bank.Contracts.Accounts;
using Microsoft.Extensions.Hosting;

var endpoint = new EndpointConfiguration("Bonus");
var transport = new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), args[0])
{
    // Only where the endpoint may not use the management API of the broker.
    DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled,
    ValidateDeliveryLimits = false,
};
endpoint.UseTransport(transport).RouteToEndpoint(typeof(Deposit), "Bank.Accounts");
endpoint.UseSerialization<SystemJsonSerializer>();
endpoint.Conventions()
    .DefiningCommandsAs(type => typeof(IBankCommand).IsAssignableFrom(type) && !type.IsInterface)
    .DefiningEventsAs(typeof(IBankEvent).IsAssignableFrom);
endpoint.EnableInstallers();

var builder = Host.CreateApplicationBuilder();
builder.Services.AddNServiceBusEndpoint(endpoint);
builder.Build().Run();

/// <summary>One euro for each deposit of a hundred or more.</summary>
public sealed class BonusHandler : IHandleMessages<MoneyDeposited>
{
    public Task Handle(MoneyDeposited deposited, IMessageHandlerContext context)
    {
        if (deposited.Amount is not { Currency: "EUR", MinorUnits: >= 100_00 }) return Task.CompletedTask;
        return context.Send(new Deposit
        {
            // An event that comes twice asks for the same request twice, which has one effect: there is nothing to remember.
            RequestId = deposited.EventId,
            AccountId = deposited.AccountId,
            Amount = new Money(1_00, "EUR"),
            Origin = new Origin { RequestedBy = "bonus", Channel = "loyalty", RequestedAt = DateTimeOffset.UtcNow },
        });
    }
}
