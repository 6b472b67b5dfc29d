namespace Bank.ServiceBus.Tests.Core;

public sealed record Ping(string Text) : ICommand;

public sealed record Pong(string Text) : IMessage;

public interface IPinged : IEvent
{
    string Text { get; }
}

public record Pinged(string Text) : IPinged;

public sealed record PingedTwice(string Text, string Second) : Pinged(Text);

/// <summary>A message by convention only: it carries no marker.</summary>
public sealed record PlainCommand(string Text);

/// <summary>Known to no endpoint of these tests.</summary>
public sealed record NotAMessage(string Text);
