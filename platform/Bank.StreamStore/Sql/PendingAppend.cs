using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>An append that waits for its outcome.</summary>
internal sealed record PendingAppend(StreamId Stream, int Expected, NewStreamMessage[] Messages, CancellationToken CancellationToken)
{
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
