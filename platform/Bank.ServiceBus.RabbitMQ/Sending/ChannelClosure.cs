using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>That the broker has closed a channel, not the connection, for something that was sent through it (AMQP 0-9-1, section 1.2.1: soft errors).</summary>
/// <param name="Code">The reply code, such as 404 for an exchange that does not exist.</param>
/// <param name="Text">The reply text; for 404 it quotes the name.</param>
internal readonly record struct ChannelClosure(ushort Code, string Text)
{
    public bool NamesAnother => Code == Constants.NotFound;

    /// <returns>Null when something else has ended the channel, such as a lost connection: then nothing is known of what was under way.</returns>
    public static ChannelClosure? Of(OperationInterruptedException exception, IChannel channel) =>
        (exception.ShutdownReason ?? channel.CloseReason) is { Initiator: ShutdownInitiator.Peer, ReplyCode: Constants.NotFound or Constants.PreconditionFailed or Constants.AccessRefused or Constants.ResourceLocked } reason
            ? new(reason.ReplyCode, reason.ReplyText)
            : null;

    /// <summary>Whether an exchange that does not exist was the reason, and it is this one.</summary>
    public bool Names(string exchange) => Code == Constants.NotFound && Text.Contains($"'{exchange}'", StringComparison.Ordinal);
}
