using System.Runtime.CompilerServices;
using System.Text.Json;
using Bank.Contracts;

namespace Bank.CommandLine.Client;

/// <summary>Gathers what happened to a transfer from the streams of the services that took part in it.</summary>
internal sealed class TransferSteps(BankClient client, Guid transferId)
{
    private const int PageSize = 1000;

    // Clocks differ between machines: an account may note a step before the transfer seems to begin, or after it seems to have ended.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>The steps in order of time; null when nothing is known of the transfer.</summary>
    /// <exception cref="VerbException">A service does not answer.</exception>
    public async Task<IReadOnlyList<TransferStep>?> Read(CancellationToken cancellationToken)
    {
        var journal = new List<JsonElement>();
        await foreach (var item in Events($"/transfers/{transferId}", 0, cancellationToken)) journal.Add(item);
        var begin = Find(journal, "TransferInitiated");
        var end = Find(journal, "TransferCompleted") ?? Find(journal, "TransferFailed");
        // What began before there was a journal is in the view alone.
        var view = begin is null ? await client.Get($"/transfers/{transferId}", cancellationToken) : null;
        if ((begin ?? end ?? view) is not { } told) return null;
        // What was refused before it was tried has no beginning.
        var since = Instant(begin, "occurredAt") ?? Instant(view, "initiatedAt") ?? Instant(end?.GetProperty("origin"), "requestedAt") ?? DateTimeOffset.MinValue;
        var until = Instant(end, "occurredAt") ?? Instant(view, "endedAt") ?? DateTimeOffset.MaxValue;
        var steps = journal.Select(item => TransferStep.Of("Bank.Transfers", accountId: null, item)).ToList();
        foreach (var account in new[] { "payerAccountId", "payeeAccountId" }.Select(member => told.GetProperty(member).GetString()!).Distinct())
            await AddSteps(steps, account, since, until, cancellationToken);
        return [.. steps.OrderBy(step => step.OccurredAt)];
    }

    private async Task AddSteps(List<TransferStep> steps, string account, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var path = $"/accounts/{Uri.EscapeDataString(account)}";
        await foreach (var item in Events(path, await VersionBefore(path, since, cancellationToken), cancellationToken))
        {
            var step = TransferStep.Of("Bank.Accounts", account, item);
            if (step.OccurredAt - ClockSkew > until) return;
            // The hold of a transfer has its id, and a refusal to capture it names the hold alone.
            if (Names(item, "transferId") || Names(item, "reservationId")) steps.Add(step);
        }
    }

    // A long account is not read from its beginning: halving finds a version that is less than a page before the instant.
    private async Task<long> VersionBefore(string path, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        var (low, high) = (0L, (await Page(path, 0, 1, cancellationToken))?.GetProperty("lastVersion").GetInt64() ?? 0);
        while (high - low >= PageSize)
        {
            var middle = low + ((high - low) / 2);
            var page = await Page(path, middle, 1, cancellationToken);
            if (Instant(page?.GetProperty("events").EnumerateArray().First().GetProperty("data"), "occurredAt") + ClockSkew < instant) low = middle;
            else high = middle;
        }

        return low;
    }

    private async IAsyncEnumerable<JsonElement> Events(string path, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? next = from; next is { } first;)
        {
            if (await Page(path, first, PageSize, cancellationToken) is not { } page) yield break;
            foreach (var item in page.GetProperty("events").EnumerateArray()) yield return item;
            next = page.GetProperty("next") is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
        }
    }

    private Task<JsonElement?> Page(string path, long from, int limit, CancellationToken cancellationToken) =>
        client.Get($"{path}/events?from={from}&limit={limit}", cancellationToken);

    private bool Names(JsonElement item, string member) =>
        item.GetProperty("data").TryGetProperty(member, out var id) && id.ValueKind == JsonValueKind.String && id.GetGuid() == transferId;

    private static JsonElement? Find(List<JsonElement> journal, string type) =>
        journal.Where(item => item.GetProperty("type").GetString() == type).Select(item => (JsonElement?)item.GetProperty("data")).FirstOrDefault();

    private static DateTimeOffset? Instant(JsonElement? json, string member) =>
        json is { } from && from.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetDateTimeOffset() : null;
}

/// <summary>One step of a transfer.</summary>
/// <param name="OccurredAt">When the service decided on it, by its own clock.</param>
/// <param name="Service">The endpoint that keeps it.</param>
/// <param name="AccountId">The account in whose stream it is; in the journal the one because of which the transfer failed, null for none.</param>
/// <param name="Version">Its place in its stream.</param>
/// <param name="Type">What happened.</param>
/// <param name="Amount">How much was moved, held or asked for; null when it names none.</param>
/// <param name="Reason">Why it was refused or ended; null for what went well.</param>
/// <param name="EventId">The event, as in logs and messages.</param>
internal sealed record TransferStep(
    DateTimeOffset OccurredAt, string Service, string? AccountId, long Version, string Type, Money? Amount, string? Reason, Guid EventId)
{
    public static TransferStep Of(string service, string? accountId, JsonElement item)
    {
        var data = item.GetProperty("data");
        return new TransferStep(
            data.GetProperty("occurredAt").GetDateTimeOffset(), service, accountId ?? (data.TryGetProperty("refusingAccountId", out var refusing) ? refusing.GetString() : null), item.GetProperty("version").GetInt64(), item.GetProperty("type").GetString()!,
            AmountIn(data), data.TryGetProperty("reason", out var reason) ? reason.GetString() : null, item.GetProperty("eventId").GetGuid());
    }

    // Accounts store minor units of their own currency, and amounts that were refused with the currency that was asked for.
    private static Money? AmountIn(JsonElement data)
    {
        if (!data.TryGetProperty("amount", out var amount) && !data.TryGetProperty("asked", out amount)) return null;
        return amount.ValueKind == JsonValueKind.Number
            ? new Money(amount.GetInt64(), data.GetProperty("unitCurrency").GetString()!)
            : new Money(amount.GetProperty("minorUnits").GetInt64(), amount.GetProperty("currency").GetString()!);
    }
}
