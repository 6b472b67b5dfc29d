using Bank.ServiceBus;
using Bank.ServiceBus.Transport;

namespace Bank.Testing.CrashingEndpoint;

/// <summary>A real transport, with moments of death before, between and after its work.</summary>
public sealed class CrashingTransport(TransportDefinition inner, Death death)
    : TransportDefinition(TransportTransactionMode.ReceiveOnly, supportsDelayedDelivery: true, supportsPublishSubscribe: true)
{
    public override IReadOnlyCollection<TransportTransactionMode> GetSupportedTransactionModes() => [TransportTransactionMode.ReceiveOnly];

    public override async Task<TransportInfrastructure> Initialize(
        HostSettings hostSettings, ReceiveSettings[] receivers, string[] sendingAddresses, CancellationToken cancellationToken = default)
    {
        var infrastructure = await inner.Initialize(hostSettings, receivers, sendingAddresses, cancellationToken);
        return new Infrastructure(infrastructure)
        {
            Dispatcher = new Dispatcher(infrastructure.Dispatcher, death),
            Receivers = infrastructure.Receivers.ToDictionary(entry => entry.Key, IMessageReceiver (entry) => new Receiver(entry.Value, death)),
        };
    }

    private sealed class Infrastructure(TransportInfrastructure inner) : TransportInfrastructure
    {
        public override string ToTransportAddress(QueueAddress address) => inner.ToTransportAddress(address);

        public override Task Shutdown(CancellationToken cancellationToken = default) => inner.Shutdown(cancellationToken);
    }

    private sealed class Dispatcher(IMessageDispatcher inner, Death death) : IMessageDispatcher
    {
        public async Task Dispatch(TransportOperations outgoingMessages, TransportTransaction transaction, CancellationToken cancellationToken = default)
        {
            var handled = outgoingMessages.Operations[0].Message.Headers.GetValueOrDefault(Headers.RelatedTo);
            if (handled is null)
            {
                await inner.Dispatch(outgoingMessages, transaction, cancellationToken);
                return;
            }

            death.At(Phase.Stored, handled);
            await inner.Dispatch(new TransportOperations(outgoingMessages.Operations[0]), transaction, cancellationToken);
            death.At(Phase.HalfDispatched, handled);
            TransportOperation[] rest = [.. outgoingMessages.Operations.Skip(1)];
            await inner.Dispatch(new TransportOperations(rest), transaction, cancellationToken);
        }
    }

    private sealed class Receiver(IMessageReceiver inner, Death death) : IMessageReceiver
    {
        public string Id => inner.Id;

        public string ReceiveAddress => inner.ReceiveAddress;

        public ISubscriptionManager? Subscriptions => inner.Subscriptions;

        public Task Initialize(PushRuntimeSettings limitations, OnMessage onMessage, OnError onError, CancellationToken cancellationToken = default) =>
            inner.Initialize(
                limitations,
                async (message, token) =>
                {
                    var id = message.Headers[Headers.MessageId];
                    death.NextMessage();
                    death.At(Phase.Received, id);
                    await onMessage(message, token);
                    death.At(Phase.Marked, id);
                    death.Completed(id);
                },
                onError,
                cancellationToken);

        public Task StartReceive(CancellationToken cancellationToken = default) => inner.StartReceive(cancellationToken);

        public Task StopReceive(CancellationToken cancellationToken = default) => inner.StopReceive(cancellationToken);
    }
}
