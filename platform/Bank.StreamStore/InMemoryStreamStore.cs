using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>A store that lives and dies with its process. Behaves like the others; for tests.</summary>
public sealed class InMemoryStreamStore : StreamStoreBase
{
    private readonly Lock gate = new();
    private readonly List<StreamMessage> all = [];
    private readonly Dictionary<string, List<StreamMessage>> streams = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    /// <summary>Makes an empty store.</summary>
    /// <param name="getUtcNow">The time; null for the system's.</param>
    public InMemoryStreamStore(GetUtcNow? getUtcNow = null)
        : base(getUtcNow ?? (() => DateTime.UtcNow), TimeSpan.FromSeconds(1))
    {
    }

    private protected override Task<AppendResult> Append(StreamId stream, int expected, NewStreamMessage[] messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            var held = streams.GetValueOrDefault(stream.Value);
            var ids = messages.Select(message => message.MessageId).ToArray();
            var stored = held?.Where(message => ids.Contains(message.MessageId)).ToDictionary(message => message.MessageId, message => message.StreamVersion) ?? [];
            switch (AppendDecision.Decide(expected, held?.Count - 1, ids, stored))
            {
                case AppendDecision.Outcome.Wrong:
                    throw WrongExpectedVersionException.Of(stream.Value, expected);
                case AppendDecision.Outcome.Write:
                    held = Write(stream.Value, held, messages);
                    break;
            }

            return Task.FromResult(new AppendResult(held!.Count - 1, held.Count == 0 ? -1 : held[^1].Position));
        }
    }

    private List<StreamMessage> Write(string stream, List<StreamMessage>? held, NewStreamMessage[] messages)
    {
        if (held is null)
        {
            streams.Add(stream, held = []);
            order.Add(stream);
        }

        var now = Now();
        foreach (var message in messages)
        {
            var stored = new StreamMessage(stream, message.MessageId, held.Count, all.Count, now, message.Type, message.JsonMetadata, message.JsonData);
            held.Add(stored);
            all.Add(stored);
        }

        return held;
    }

    private protected override Task<List<StreamMessage>> ReadAll(long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(Slice(all, from, count, direction));
    }

    private protected override Task<(int Version, long Position, List<StreamMessage> Rows)?> ReadStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!streams.TryGetValue(stream.Value, out var held)) return Task.FromResult<(int, long, List<StreamMessage>)?>(null);
            var position = held.Count == 0 ? -1 : held[^1].Position;
            return Task.FromResult<(int, long, List<StreamMessage>)?>((held.Count - 1, position, Slice(held, from, count, direction)));
        }
    }

    private protected override Task<long> HeadPosition(CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(all.Count - 1L);
    }

    private protected override Task<(string[] Ids, long? Last)> List(long after, int count, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            string[] ids = [.. order.Skip((int)after + 1).Take(count)];
            return Task.FromResult((ids, ids.Length == 0 ? (long?)null : after + ids.Length));
        }
    }

    private protected override void Close()
    {
    }

    private static List<StreamMessage> Slice(List<StreamMessage> messages, long from, int count, ReadDirection direction) =>
        direction == ReadDirection.Forward
            ? from >= messages.Count ? [] : messages.GetRange((int)from, Math.Min(count, messages.Count - (int)from))
            : [.. messages.Take((int)Math.Min(Math.Min(from, int.MaxValue - 1) + 1, messages.Count)).Reverse().Take(count)];
}
