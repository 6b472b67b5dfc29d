namespace Bank.ServiceBus;

/// <summary>Whether the trace of a message goes on where it is received.</summary>
public static class TraceOptionExtensions
{
    /// <summary>The receiver of the command begins a trace of its own, linked to this one. Usually it continues this one, unless the command is delayed.</summary>
    public static void StartNewTraceOnReceive(this SendOptions options) => options.StartsNewTrace = true;

    /// <summary>The receivers of the event continue this trace. Usually each begins one of its own, linked to this one.</summary>
    public static void ContinueExistingTraceOnReceive(this PublishOptions options) => options.StartsNewTrace = false;
}
