namespace Bank.ServiceBus.Hosting;

/// <summary>What must hold of a configuration before anything is started.</summary>
internal static class EndpointChecks
{
    public static void Check(EndpointValues values)
    {
        if (values.Transport is null) throw new InvalidOperationException("UseTransport: no transport was chosen.");
        if (values.Serializer is null) throw new InvalidOperationException("UseSerialization: no serializer was chosen.");
        if (!values.Outbox) return;
        if (values.SendOnly) throw new InvalidOperationException("EnableOutbox: a send-only endpoint handles no messages.");
        if (values.Persistence is not { SupportsOutbox: true })
            throw new InvalidOperationException("EnableOutbox: the outbox needs a persistence that supports it; choose one with UsePersistence.");
        if (values.Transport.TransportTransactionMode != TransportTransactionMode.ReceiveOnly)
            throw new InvalidOperationException($"EnableOutbox: the transport must be in mode ReceiveOnly, not {values.Transport.TransportTransactionMode}.");
    }
}
