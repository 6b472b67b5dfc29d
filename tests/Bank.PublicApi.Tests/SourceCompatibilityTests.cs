using System.Reflection;

namespace Bank.PublicApi.Tests;

/// <summary>Endpoints are written against the public API of the packages of NServiceBus and SqlStreamStore: each member that they may use is here with the same signature.</summary>
public sealed class SourceCompatibilityTests
{
    [Theory]
    [InlineData("NServiceBus", typeof(ServiceBus.EndpointConfiguration))]
    [InlineData("NServiceBus.RabbitMQ", typeof(ServiceBus.RabbitMQTransport))]
    [InlineData("NServiceBus.Persistence.Sql", typeof(ServiceBus.SqlPersistence))]
    [InlineData("NServiceBus.ServicePlatform", typeof(ServiceBus.ServicePlatformConnectionConfiguration))]
    [InlineData("NServiceBus.Testing", typeof(ServiceBus.Testing.TestableMessageSession))]
    [InlineData("SqlStreamStore", typeof(StreamStore.IStreamStore))]
    public void Every_member_that_endpoints_may_use_is_there(string package, Type ours)
    {
        var surface = Surface.Of(ours.Assembly);
        var required = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Required", package + ".txt")).Where(line => line.Length > 0)
            .Select(line => line.StartsWith("NServiceBus", StringComparison.Ordinal) ? "Bank.ServiceBus" + line["NServiceBus".Length..] : line)
            .Select(line => line.StartsWith("SqlStreamStore", StringComparison.Ordinal) ? "Bank.StreamStore" + line["SqlStreamStore".Length..] : line).ToArray();
        Assert.NotEmpty(required);
        var missing = required.Where(line => !surface.Contains(line)).ToArray();
        Assert.True(missing.Length == 0, $"{missing.Length} of {required.Length} missing from {ours.Assembly.GetName().Name}:{Environment.NewLine}{string.Join(Environment.NewLine, missing)}");
    }
}
