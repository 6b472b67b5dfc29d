namespace Bank.ServiceBus.Metrics;

/// <summary>One measured value.</summary>
/// <param name="Ticks">When, in UTC ticks.</param>
/// <param name="Value">The value.</param>
/// <param name="Tag">What it belongs to.</param>
internal readonly record struct RawEntry(long Ticks, long Value, string Tag);
