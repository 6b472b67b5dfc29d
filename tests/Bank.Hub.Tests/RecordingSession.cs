using System.Collections.Concurrent;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;

namespace Bank.Hub.Tests;

/// <summary>Remembers what was published; may refuse for a while, as a broker does.</summary>
internal sealed class RecordingSession : TestableMessageSession
{
    private int _refusals;

    public ConcurrentQueue<Published> All { get; } = [];

    public IEnumerable<int> Numbers => All.Select(published => published.Number);

    public void Refuse(int times) => Interlocked.Exchange(ref _refusals, times);

    public override async Task Publish(object message, PublishOptions publishOptions, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0) throw new IOException("The broker is away.");
        All.Enqueue(new Published(((IHappening)message).Number, publishOptions.GetMessageId()!, publishOptions.GetHeaders(), System.Diagnostics.Activity.Current?.ParentId));
        await Task.Yield();
    }

    internal sealed record Published(int Number, string MessageId, IReadOnlyDictionary<string, string> Headers, string? ParentId);
}

/// <summary>What the contract events of these tests have in common.</summary>
public interface IHappening
{
    int Number { get; }
}

/// <summary>A contract event of these tests.</summary>
public sealed record Happened(int Number) : IHappening;

/// <summary>Another contract event of these tests.</summary>
public sealed record OtherHappened(int Number) : IHappening;
