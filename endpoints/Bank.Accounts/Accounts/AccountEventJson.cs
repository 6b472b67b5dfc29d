using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Bank.Accounts.Accounts;

/// <summary>Stored events as text: a type name that never changes, and JSON.</summary>
public static class AccountEventJson
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["account-opened"] = typeof(Opened),
        ["money-deposited"] = typeof(Deposited),
        ["money-withdrawn"] = typeof(Withdrawn),
        ["withdrawal-refused"] = typeof(WithdrawalRefused),
        ["funds-reserved"] = typeof(Reserved),
        ["reservation-refused"] = typeof(ReservationRefused),
        ["reservation-captured"] = typeof(Captured),
        ["reservation-released-2"] = typeof(Released),
        ["account-credited"] = typeof(Credited),
        ["credit-refused"] = typeof(CreditRefused),
        ["account-closed"] = typeof(Closed),
        ["request-refused"] = typeof(RequestRefused),
    };

    private static readonly Dictionary<Type, string> Names = Types.ToDictionary(pair => pair.Value, pair => pair.Key);

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The names under which events are stored today.</summary>
    public static IReadOnlyCollection<string> TypeNames => Types.Keys;

    /// <summary>The names under which events were stored once, and are read for ever.</summary>
    public static IReadOnlyCollection<string> OldTypeNames => AccountUpcasters.All.OldTypes;

    public static (string Type, string Json) Write(AccountEvent @event) =>
        (Names[@event.GetType()], JsonSerializer.Serialize(@event, Options.GetTypeInfo(@event.GetType())));

    /// <exception cref="InvalidOperationException">No event has this type name.</exception>
    /// <exception cref="JsonException">The text is no event of this type.</exception>
    public static AccountEvent Read(string type, string json)
    {
        (type, json) = AccountUpcasters.All.Upcast(type, json);
        return Types.TryGetValue(type, out var known)
            ? (AccountEvent)JsonSerializer.Deserialize(json, Options.GetTypeInfo(known))!
            : throw new InvalidOperationException($"type: '{type}' is no event of an account.");
    }
}
