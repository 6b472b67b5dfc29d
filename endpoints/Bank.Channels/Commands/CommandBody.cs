using System.ComponentModel;
using System.Text.Json;

namespace Bank.Channels.Commands;

/// <summary>What a channel system may say in the body of a command. Which members are needed depends on the command.</summary>
public sealed record CommandBody
{
    [Description("The amount in the main unit of the currency: a text such as \"12.34\", or a number.")]
    public JsonElement? Amount { get; init; }

    [Description("ISO 4217 code.")]
    public string? Currency { get; init; }

    [Description("How far the balance may fall below zero; for open.")]
    public JsonElement? OverdraftLimit { get; init; }

    [Description("The account that is paid; for transfer.")]
    public string? To { get; init; }

    [Description("A reference for both statements, at most 140 characters; for transfer.")]
    public string? Reference { get; init; }

    [Description("The hold; for capture and release.")]
    public Guid? ReservationId { get; init; }

    [Description("When the hold ends by itself, for example 2026-03-31T12:00:00Z; without an offset it is UTC. For reserve.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("The day in UTC from which the money is to count, for example 2026-03-31: not in the future, not before the account was opened, at most 365 days back; today when left out. For deposit and withdraw.")]
    public string? ValueDate { get; init; }

    [Description("Why: a code or reference without personal data, at most 140 characters.")]
    public string? Purpose { get; init; }
}
