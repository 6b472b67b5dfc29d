using Bank.StreamStore.Streams;

namespace Bank.Benchmarks.Store;

/// <summary>An event of about the size that an account's have.</summary>
internal static class Payload
{
    public const string Type = "MoneyDeposited";

    public const string Data =
        """
        {"accountId":"0190f5d2-7a3c-7cc1-9d7e-3c1f0a6b2e11","amount":{"minorUnits":125000,"currency":"EUR"},"balance":{"minorUnits":1250000,"currency":"EUR"},"available":{"minorUnits":1250000,"currency":"EUR"},"requestId":"0190f5d2-7a3c-7cc1-9d7e-3c1f0a6b2e12","occurredAt":"2026-01-02T03:04:05.678901Z","reference":"Salary January"}
        """;

    public const string Metadata = """{"conversationId":"0190f5d2-7a3c-7cc1-9d7e-3c1f0a6b2e13","causationId":"0190f5d2-7a3c-7cc1-9d7e-3c1f0a6b2e14"}""";

    public static NewStreamMessage Event(Guid id) => new(id, Type, Data, Metadata);
}
