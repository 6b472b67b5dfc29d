using System.Text.Json;

namespace Bank.Channels.Commands;

/// <summary>What a channel system may say in the body of a command. Which members are needed depends on the command.</summary>
public sealed record CommandBody
{
    /// <summary>The amount in the main unit of the currency: a text such as "12.34", or a number.</summary>
    public JsonElement? Amount { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public string? Currency { get; init; }

    /// <summary>How far the balance may fall below zero; for <c>open</c>.</summary>
    public JsonElement? OverdraftLimit { get; init; }

    /// <summary>The account that is paid; for <c>transfer</c>.</summary>
    public string? To { get; init; }

    /// <summary>A reference for both statements, at most 140 characters; for <c>transfer</c>.</summary>
    public string? Reference { get; init; }

    /// <summary>The hold; for <c>capture</c> and <c>release</c>.</summary>
    public Guid? ReservationId { get; init; }

    /// <summary>When the hold ends by itself; for <c>reserve</c>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why: a code or reference without personal data, at most 140 characters.</summary>
    public string? Purpose { get; init; }
}
