using Bank.Channels.Outcomes;
using Bank.Contracts;

namespace Bank.Channels.Commands;

/// <summary>Remembers requests and sends their messages.</summary>
public sealed class CommandSender(RequestStore requests, IMessageSession session, ILogger<CommandSender> logger)
{
    // A broker that is away must not keep clients hanging: they repeat, under the same key.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Remembers a request and sends its message, unless the same id was used for another request or has its outcome.</summary>
    /// <returns>What is remembered under the id; null when it could not be remembered or sent now. It may then be repeated: twice sent is once done.</returns>
    public async Task<RequestRecord?> Send(RequestRecord request, IBankCommand message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var remembered = await requests.Remember(request, limit.Token);
            // Also when it was remembered before: the process may have died before it was sent.
            if (remembered.Fingerprint == request.Fingerprint && !remembered.Outcome.IsFinal)
                await session.Send(message, limit.Token).WaitAsync(limit.Token);
            return remembered;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(exception, "Request {RequestId} could not be sent; whoever asked is told to repeat it.", request.RequestId);
            return null;
        }
    }
}
