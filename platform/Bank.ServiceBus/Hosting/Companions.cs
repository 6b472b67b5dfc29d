namespace Bank.ServiceBus.Hosting;

/// <summary>All companions of an endpoint, stopped in the opposite order; also those whose start failed half-way.</summary>
internal sealed class Companions(IReadOnlyList<ICompanion> all)
{
    private readonly Stack<ICompanion> started = new();

    public async Task Start(EndpointSurroundings endpoint, CancellationToken cancellationToken)
    {
        foreach (var companion in all)
        {
            started.Push(companion);
            await companion.Start(endpoint, cancellationToken);
        }
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        while (started.TryPop(out var companion)) await companion.Stop(cancellationToken);
    }
}
