using System.Text;
using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Insights;
using Bank.Hosting;
using Bank.StreamStore;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.Insights.Velocity;

/// <summary>Keeps what was found, a stream for each account. The same finding again is kept once.</summary>
internal sealed class Suspicions(IStreamStore store)
{
    private const string StreamPrefix = "suspicions-";
    private const string Endpoint = "Bank.Insights";
    private static readonly Guid Space = new("3c1f4a52-4f2c-4a37-9a1b-7f4f4d8a1b60");

    public async Task Note(string accountId, IReadOnlyList<OutgoingTransfer> burst, CancellationToken cancellationToken)
    {
        var stream = StreamPrefix + accountId;
        var at = burst[^1].OccurredAt;
        // Of two bursts, each ends with another transfer.
        var id = new DeterministicGuidGenerator(Space).Create(Encoding.UTF8.GetBytes($"{stream}/{burst[^1].TransferId}"));
        var found = new SuspiciousActivityDetected
        {
            EventId = id,
            RequestId = id,
            OccurredAt = at,
            Origin = new Origin { RequestedBy = Endpoint, Channel = "system", RequestedAt = at },
            AccountId = accountId,
            Pattern = SuspiciousPattern.TransferBurst,
            TransferIds = [.. burst.Select(transfer => transfer.TransferId)],
            Since = burst[0].OccurredAt,
        };
        await store.AppendToStream(
            stream, ExpectedVersion.Any, new NewStreamMessage(id, SuspicionContracts.StoredType, JsonSerializer.Serialize(found, MessageJson.Options)), cancellationToken);
    }

    /// <summary>What was found on an account, newest first.</summary>
    public async Task<IReadOnlyList<SuspiciousActivityDetected>> Of(string accountId, int limit, CancellationToken cancellationToken) =>
        await Read((await store.ReadStreamBackwards(StreamPrefix + accountId, StreamVersion.End, limit, prefetchJsonData: true, cancellationToken)).Messages, cancellationToken);

    /// <summary>What was found on any account, newest finding first.</summary>
    public async Task<IReadOnlyList<SuspiciousActivityDetected>> Latest(int limit, CancellationToken cancellationToken)
    {
        var found = new List<SuspiciousActivityDetected>();
        var page = await store.ReadAllBackwards(Position.End, limit, prefetchJsonData: true, cancellationToken);
        while (true)
        {
            found.AddRange(await Read(page.Messages, cancellationToken));
            if (page.IsEnd || found.Count >= limit) return [.. found.Take(limit)];
            page = await page.ReadNext(cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<SuspiciousActivityDetected>> Read(IEnumerable<StreamMessage> messages, CancellationToken cancellationToken)
    {
        var found = new List<SuspiciousActivityDetected>();
        foreach (var message in messages)
        {
            if (SuspicionContracts.Read(message, (await message.GetJsonData(cancellationToken))!) is { } one) found.Add(one);
        }

        return found;
    }
}
