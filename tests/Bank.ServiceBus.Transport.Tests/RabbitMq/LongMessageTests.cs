using Bank.LocalServers;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>A body above the most that the broker takes closes the channel, as a missing queue does.</summary>
[Collection(BrokerWithManagement.Name)]
public sealed class LongMessageTests(BrokerWithManagement broker)
{
    [SkippableFact]
    public async Task A_body_that_the_broker_does_not_take_fails_its_sender_alone_and_one_of_just_the_size_arrives()
    {
        Skip.IfNot(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await using var endpoint = await TestTransport.Start(Broker.Transport(QueueType.Quorum, broker.ConnectionString), "long-" + Guid.NewGuid().ToString("N")[..8]);
        var (longest, tooLong) = (new string('x', BrokerWithManagement.MostMessageBytes), new string('y', BrokerWithManagement.MostMessageBytes + 1));
        for (var time = 0; time < 3; time++)
        {
            var others = Task.WhenAll(Enumerable.Range(10 * time, 10).Select(number => endpoint.Send(endpoint.Address, number.ToString())));
            var refusal = await Assert.ThrowsAnyAsync<Exception>(() => endpoint.Send(endpoint.Address, tooLong));
            Assert.Contains("larger than configured max size", refusal.Message, StringComparison.Ordinal);
            await others;
        }

        await endpoint.Send(endpoint.Address, longest);
        await Eventually.Holds(
            () => endpoint.All.Select(message => message.Body).ToHashSet().IsSupersetOf(Enumerable.Range(0, 30).Select(number => number.ToString()).Append(longest)), "the others");
        Assert.DoesNotContain(endpoint.All, message => message.Body == tooLong);
    }
}
