using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>
/// Tells the broker which deliveries of one channel are done with. While many messages are handled, those done within a few milliseconds
/// are acknowledged by one frame; with nothing else under way, at once.
/// </summary>
/// <param name="channel">The channel that the deliveries came through.</param>
/// <param name="enough">How many done deliveries are not kept waiting for more.</param>
/// <param name="notAcknowledged">Told the id of each handled message that could not be acknowledged because the channel was closed.</param>
internal sealed class Acknowledgements(IChannel channel, int enough, Action<string> notAcknowledged)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly Lock gate = new();
    private readonly SettledDeliveries settled = new();
    private List<(ulong Tag, string Id)> done = [];
    private int underWay;
    private bool writesSoon;

    /// <summary>Notes that the handling of a delivery has begun.</summary>
    public void Begin() => Interlocked.Increment(ref underWay);

    /// <summary>Notes that the handling of a delivery has ended, whatever became of it.</summary>
    public async Task End()
    {
        // The last one writes for all; who is left running writes later.
        if (Interlocked.Decrement(ref underWay) == 0) await Write();
    }

    /// <summary>Acknowledges a delivery, now or within a few milliseconds.</summary>
    public async Task Done(ulong tag, string id)
    {
        bool now, soon;
        lock (gate)
        {
            done.Add((tag, id));
            now = done.Count >= enough;
            soon = !now && !writesSoon;
            writesSoon |= soon;
        }

        if (now) await Write();
        else if (soon) _ = WriteSoon();
    }

    /// <summary>Gives a delivery back to its queue.</summary>
    public async Task Requeue(ulong tag)
    {
        await writing.WaitAsync();
        try
        {
            await channel.BasicRejectAsync(tag, requeue: true, CancellationToken.None);
            settled.Add(tag);
        }
        catch (Exception exception) when (IsClosed(exception))
        {
            // The message went back to its queue when the channel closed.
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Acknowledges everything that is done.</summary>
    public async Task Write()
    {
        // One after the other: a delivery must not be named again after a frame that covered it.
        await writing.WaitAsync();
        List<(ulong Tag, string Id)> batch;
        lock (gate)
        {
            batch = done;
            done = [];
        }

        try
        {
            if (batch.Count > 0) await Acknowledge(batch);
        }
        catch
        {
            foreach (var (_, id) in batch) notAcknowledged(id);
            // What was not acknowledged must come again, also when the channel itself had nothing to complain about.
            if (channel.IsOpen) await channel.AbortAsync(CancellationToken.None);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task Acknowledge(List<(ulong Tag, string Id)> batch)
    {
        foreach (var (tag, _) in batch) settled.Add(tag);
        var settledUpTo = settled.UpTo;
        var together = 0UL;
        foreach (var (tag, _) in batch)
        {
            if (tag <= settledUpTo && tag > together) together = tag;
        }

        if (together > 0) await channel.BasicAckAsync(together, multiple: true, CancellationToken.None);
        foreach (var (tag, _) in batch)
        {
            if (tag > settledUpTo) await channel.BasicAckAsync(tag, multiple: false, CancellationToken.None);
        }
    }

    private async Task WriteSoon()
    {
        await Task.Delay(Longest);
        lock (gate) writesSoon = false;
        await Write();
    }

    private static bool IsClosed(Exception exception) => exception is AlreadyClosedException or ObjectDisposedException or OperationInterruptedException;
}
