using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>An append that waits for its outcome.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Key">The key of the stream in the database. Made by the caller: callers work side by side, and whoever writes a group does not.</param>
/// <param name="Expected">The expected version.</param>
/// <param name="Messages">What is appended.</param>
/// <param name="CancellationToken">The caller's; after the append is under way nobody looks at it.</param>
internal sealed record PendingAppend(StreamId Stream, string Key, int Expected, NewStreamMessage[] Messages, CancellationToken CancellationToken)
{
    private const int Waits = 0;
    private const int UnderWay = 1;
    private const int GivenUp = 2;

    private int state = Waits;

    public TaskCompletionSource<AppendOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How much there is to carry.</summary>
    public long Characters
    {
        get
        {
            var characters = 0L;
            foreach (var message in Messages) characters += message.JsonData.Length + message.JsonMetadata.Length;
            return characters;
        }
    }

    /// <returns>False when the caller has given up.</returns>
    public bool TryTake() => Interlocked.CompareExchange(ref state, UnderWay, Waits) == Waits;

    /// <summary>Ends the wait for a turn. Once an append is under way only its outcome ends the wait: nothing is ever written after its caller has been told otherwise.</summary>
    public void GiveUp()
    {
        if (Interlocked.CompareExchange(ref state, GivenUp, Waits) == Waits) Outcome.TrySetCanceled(CancellationToken);
    }

    public bool SharesIdWith(PendingAppend other)
    {
        foreach (var message in Messages)
        {
            foreach (var another in other.Messages)
            {
                if (message.MessageId == another.MessageId) return true;
            }
        }

        return false;
    }

    public void Settle(AppendOutcome? outcome)
    {
        if (outcome is null) Outcome.TrySetException(WrongExpectedVersionException.Of(Stream.Value, Expected));
        else Outcome.TrySetResult(outcome);
    }
}

/// <summary>What an append that was not refused led to.</summary>
/// <param name="Result">Version and position of the stream's newest message.</param>
/// <param name="MaxCount">How many messages the stream may hold; null for any number.</param>
internal sealed record AppendOutcome(AppendResult Result, int? MaxCount = null);
