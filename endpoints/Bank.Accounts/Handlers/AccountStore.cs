using System.Diagnostics;
using System.Text;
using Bank.Accounts.Accounts;
using Bank.Hub;
using Bank.StreamStore;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Snapshots;
using Bank.StreamStore.Streams;

namespace Bank.Accounts.Handlers;

/// <summary>Loads accounts from their streams and appends what was decided, once for each request.</summary>
/// <param name="store">Holds the streams.</param>
/// <param name="snapshots">Keeps states, so that an account with a long history is as quick to load as a new one; null for none.</param>
public sealed class AccountStore(IStreamStore store, ISnapshotStore? snapshots = null)
{
    private const int PageSize = 500;
    private const int MostConflicts = 5;

    private static readonly DeterministicGuidGenerator EventIds = new(new Guid("6f0b6f0e-6d7a-4f5c-9b57-3a1d7d0c2b11"));

    // Only a shortcut: an append states the version it expects, so a stale state is refused by the store.
    private readonly FoldedStreams<Account> folded = new(store, snapshots, AccountSnapshot.Folding);

    public static string StreamOf(string accountId) => "account-" + accountId;

    /// <summary>The id of the event that answers a request. The same request has the same answer, whichever time it comes.</summary>
    public static Guid EventId(string accountId, Guid requestId) => EventIds.Create(Encoding.UTF8.GetBytes($"{StreamOf(accountId)}/{requestId:D}/0"));

    /// <summary>Loads the newest state. Only what was read from the stream is ever kept.</summary>
    // What was appended is not kept: the store also accepts an append whose event another instance wrote first, and that one may say something else.
    public Task<Account> Load(string accountId, CancellationToken cancellationToken) => folded.Load(StreamOf(accountId), cancellationToken);

    /// <summary>Decides on the newest state and appends, unless the request was answered before.</summary>
    /// <exception cref="WrongExpectedVersionException">Others were faster again and again; a retry of the message will do.</exception>
    public async Task Answer(
        string accountId, Guid requestId, Func<Account, AccountEvent> decide, IMessageHandlerContext context)
    {
        var account = await Load(accountId, context.CancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            if (account.HasAnswered(requestId)) return;
            try
            {
                await Append(accountId, account, decide(account), context);
                return;
            }
            catch (WrongExpectedVersionException) when (attempt < MostConflicts)
            {
                var before = account.Version;
                account = await Load(accountId, context.CancellationToken);
                // Nobody else has appended, so the event itself is there already, further back than the state remembers.
                if (account.Version == before && await Holds(accountId, EventId(accountId, requestId), context.CancellationToken)) return;
            }
        }
    }

    private async Task Append(string accountId, Account account, AccountEvent @event, IMessageHandlerContext context)
    {
        var (type, json) = AccountEventJson.Write(@event);
        var metadata = new EventMetadata
        {
            ConversationId = context.MessageHeaders.GetValueOrDefault(Headers.ConversationId),
            CausationId = context.MessageId,
            Traceparent = Activity.Current?.Id,
        };
        var message = new NewStreamMessage(EventId(accountId, @event.RequestId), type, json, metadata.ToJson());
        var expected = account.Version < 0 ? ExpectedVersion.NoStream : account.Version;
        await store.AppendToStream(StreamOf(accountId), expected, message, context.CancellationToken);
    }

    private async Task<bool> Holds(string accountId, Guid eventId, CancellationToken cancellationToken)
    {
        var page = await store.ReadStreamBackwards(StreamOf(accountId), StreamVersion.End, PageSize, prefetchJsonData: false, cancellationToken);
        while (true)
        {
            if (page.Messages.Any(message => message.MessageId == eventId)) return true;
            if (page.IsEnd) return false;
            page = await page.ReadNext(cancellationToken);
        }
    }
}
