using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>
/// Sees to it that the broker itself never gives up a message of a quorum queue: how often a message is tried is decided by recoverability. RabbitMQ 4 drops
/// a message after 20 deliveries unless a policy says otherwise; RabbitMQ 3 never does unless told to.
/// </summary>
internal sealed class DeliveryLimits(ManagementApi api, string virtualHost, Version broker, TimeProvider clock)
{
    private const int Enough = 100_000;
    private const int Unlimited = -1;
    private const int Tries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <exception cref="InvalidOperationException">The queue is missing, has a lower limit set by somebody, or cannot be given one.</exception>
    public async Task Ensure(string queue, CancellationToken cancellationToken)
    {
        var details = await Details(queue, cancellationToken);
        if (Limit(details, "arguments", "x-delivery-limit") is { } argument) Refuse(queue, argument, "its argument x-delivery-limit");
        else if (Limit(details, "effective_policy_definition", "delivery-limit") is { } policy) Refuse(queue, policy, "a policy or operator policy");
        else if (broker.Major >= 4) await CreatePolicy(queue, details, cancellationToken);
    }

    private static void Refuse(string queue, long limit, string source)
    {
        if (limit is not Unlimited and < Enough)
            throw new InvalidOperationException(
                $"The queue {queue} has a delivery limit of {limit} by {source}: the broker would drop messages before their retries are over. Remove it, or set ValidateDeliveryLimits = false.");
    }

    private async Task CreatePolicy(string queue, JsonElement details, CancellationToken cancellationToken)
    {
        if (Name(details, "policy") is { } foreign)
            throw new InvalidOperationException(
                $"The queue {queue} is subject to the policy '{foreign}', which keeps a delivery limit from being set. Add delivery-limit: {Enough} to it, or set ValidateDeliveryLimits = false.");
        await api.PutPolicy(
            virtualHost, $"nsb.{queue}.delivery-limit",
            new Dictionary<string, object>
            {
                ["pattern"] = $"^{Regex.Escape(queue)}$",
                ["apply-to"] = "quorum_queues",
                ["priority"] = 0,
                ["definition"] = new Dictionary<string, object> { ["delivery-limit"] = Enough },
            },
            cancellationToken);
    }

    private async Task<JsonElement> Details(string queue, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var details = await api.Queue(virtualHost, queue, cancellationToken)
                ?? throw new InvalidOperationException($"The queue {queue} does not exist. Create it with EnableInstallers.");
            // Statistics of a new queue take some seconds to appear.
            if (details.TryGetProperty("effective_policy_definition", out _)) return details;
            if (attempt == Tries) throw new InvalidOperationException($"The broker did not tell the policies of the queue {queue}. Set ValidateDeliveryLimits = false to do without.");
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    private static long? Limit(JsonElement details, string part, string name) =>
        details.TryGetProperty(part, out var set) && set.ValueKind == JsonValueKind.Object && set.TryGetProperty(name, out var limit) && limit.ValueKind == JsonValueKind.Number
            ? limit.GetInt64()
            : null;

    private static string? Name(JsonElement details, string part) =>
        details.TryGetProperty(part, out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } text ? text : null;
}
