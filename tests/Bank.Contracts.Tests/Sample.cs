using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bank.Contracts.Accounts;
using Bank.Contracts.Replays;
using Bank.Contracts.Transfers;

namespace Bank.Contracts.Tests;

/// <summary>A message of any type with every member filled, the same each time.</summary>
internal static class Sample
{
    private static readonly DateTimeOffset Instant = new(2026, 3, 1, 12, 30, 15, 123, 456, TimeSpan.Zero);

    public static IReadOnlyList<Type> MessageTypes { get; } =
        [.. typeof(IBankCommand).Assembly.GetExportedTypes().Where(type => !type.IsInterface && (typeof(IBankCommand).IsAssignableFrom(type) || typeof(IBankEvent).IsAssignableFrom(type) || typeof(ISuccessorEvent).IsAssignableFrom(type)))];

    public static object Of(Type type)
    {
        var message = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var member in type.GetProperties()) member.SetValue(message, Value(member));
        return message;
    }

    private static object Value(PropertyInfo member) => (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType) switch
    {
        var type when type == typeof(Guid) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(member.Name)).AsSpan(0, 16)),
        var type when type == typeof(string) => member.Name == "Currency" ? "EUR" : member.Name == "ValueDate" ? "2026-02-27" : "some-" + member.Name,
        var type when type == typeof(long) => 7L,
        var type when type == typeof(int) => 11,
        var type when type == typeof(IReadOnlyList<string>) => new[] { "one-" + member.Name, "two-" + member.Name },
        var type when type == typeof(IReadOnlyList<Guid>) => new[] { new Guid("5b0c8d5e-6a0f-4d2b-8f5e-0e6f6f2f8a01"), new Guid("5b0c8d5e-6a0f-4d2b-8f5e-0e6f6f2f8a02") },
        var type when type == typeof(IReadOnlyList<ReplayedEvent>) => new[]
        {
            new ReplayedEvent { Position = 5, EventType = typeof(MoneyDeposited).FullName!, Event = JsonSerializer.SerializeToElement((MoneyDeposited)Of(typeof(MoneyDeposited))) },
            new ReplayedEvent { Position = 7, EventType = typeof(TransferCompleted).FullName!, Event = JsonSerializer.SerializeToElement((TransferCompleted)Of(typeof(TransferCompleted))) },
        },
        var type when type == typeof(DateTimeOffset) => Instant,
        var type when type == typeof(Money) => new Money(123_45, "EUR"),
        var type when type == typeof(Origin) => new Origin { RequestedBy = "alice", Channel = "branch", RequestedAt = Instant, Purpose = "a test" },
        var type => throw new InvalidOperationException($"No sample for {type} of {member.Name}."),
    };
}
