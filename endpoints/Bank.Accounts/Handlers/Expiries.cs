using Bank.Accounts.Accounts;

namespace Bank.Accounts.Handlers;

/// <summary>Reminds this endpoint of holds that end by themselves.</summary>
internal static class Expiries
{
    // RabbitMQ delays no message by more than eight and a half years; a reminder that comes early is simply sent again.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(365);

    public static Task Ask(ExpireReservation expire, DateTimeOffset expiresAt, DateTimeOffset now, IMessageHandlerContext context)
    {
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        options.DoNotDeliverBefore(expiresAt - now > LongestDelay ? now + LongestDelay : expiresAt);
        return context.Send(expire, options);
    }
}
