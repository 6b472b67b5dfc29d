using System.Collections.Concurrent;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>A transport without a wire: keeps what was dispatched, and delivers what a test hands it.</summary>
public sealed class FakeTransport(bool delays = true) : TransportDefinition(TransportTransactionMode.ReceiveOnly, supportsDelayedDelivery: delays, supportsPublishSubscribe: true)
{
    internal override TimeSpan LongestDelay => Longest ?? base.LongestDelay;

    public TimeSpan? Longest { get; init; }

    public ConcurrentQueue<string> Calls { get; } = new();

    public HostSettings? Host { get; private set; }

    public string[] SendingAddresses { get; private set; } = [];

    public FakeReceiver? Receiver { get; private set; }

    public FakeReceiver? InstanceReceiver { get; private set; }

    public FakeDispatcher Dispatcher { get; } = new();

    public override IReadOnlyCollection<TransportTransactionMode> GetSupportedTransactionModes() =>
        [TransportTransactionMode.None, TransportTransactionMode.ReceiveOnly];

    public override Task<TransportInfrastructure> Initialize(
        HostSettings hostSettings, ReceiveSettings[] receivers, string[] sendingAddresses, CancellationToken cancellationToken = default)
    {
        Calls.Enqueue("initialize");
        Host = hostSettings;
        SendingAddresses = sendingAddresses;
        FakeReceiver[] all = [.. receivers.Select(settings => new FakeReceiver(settings, Calls))];
        Receiver = all.FirstOrDefault();
        InstanceReceiver = all.ElementAtOrDefault(1);
        return Task.FromResult<TransportInfrastructure>(new Infrastructure(Calls)
        {
            Dispatcher = Dispatcher,
            Receivers = all.ToDictionary(receiver => receiver.Id, IMessageReceiver (receiver) => receiver),
        });
    }

    private sealed class Infrastructure(ConcurrentQueue<string> calls) : TransportInfrastructure
    {
        public override string ToTransportAddress(QueueAddress address) => address.ToString();

        public override Task Shutdown(CancellationToken cancellationToken = default)
        {
            calls.Enqueue("shutdown");
            return Task.CompletedTask;
        }
    }
}

/// <summary>Keeps what was dispatched; fails when told to.</summary>
public sealed class FakeDispatcher : IMessageDispatcher
{
    public ConcurrentQueue<TransportOperation> Dispatched { get; } = new();

    public int Calls { get; private set; }

    /// <summary>Thrown once by the next dispatch, before it takes anything.</summary>
    public Exception? FailNext { get; set; }

    public Task Dispatch(TransportOperations outgoingMessages, TransportTransaction transaction, CancellationToken cancellationToken = default)
    {
        Calls++;
        if (FailNext is { } failure)
        {
            FailNext = null;
            return Task.FromException(failure);
        }

        foreach (var operation in outgoingMessages.Operations) Dispatched.Enqueue(operation);
        return Task.CompletedTask;
    }

    public TransportOperation Single() => Assert.Single(Dispatched);

    public TransportOperation To(string address) => Assert.Single(Dispatched, operation => operation.Destination is UnicastDestination unicast && unicast.Address == address);
}
