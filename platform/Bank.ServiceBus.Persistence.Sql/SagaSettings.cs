using Newtonsoft.Json;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>How sagas are stored.</summary>
public class SagaSettings
{
    private readonly SqlPersistenceValues values;

    internal SagaSettings(SqlPersistenceValues values) => this.values = values;

    /// <summary>Writes and reads saga state with other settings. With a contract resolver of its own, that decides what is written.</summary>
    public void JsonSettings(JsonSerializerSettings jsonSerializerSettings) =>
        values.SagaJson = jsonSerializerSettings ?? throw new ArgumentNullException(nameof(jsonSerializerSettings));

    /// <summary>Changes the table suffixes of sagas, such as to shorten them.</summary>
    public void NameFilter(Func<string, string> nameFilter) => values.SagaTableName = nameFilter ?? throw new ArgumentNullException(nameof(nameFilter));
}

/// <summary>How subscriptions are stored. Both transports of this library keep their subscriptions themselves: what is set here is remembered and has no effect.</summary>
public class SubscriptionSettings
{
    private readonly SqlPersistenceValues values;

    internal SubscriptionSettings(SqlPersistenceValues values) => this.values = values;

    /// <summary>How long subscriptions are kept in memory.</summary>
    public void CacheFor(TimeSpan timeSpan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeSpan, TimeSpan.Zero);
        values.SubscriptionCache = timeSpan;
    }

    /// <summary>Subscriptions are read for each message.</summary>
    public void DisableCache() => values.SubscriptionCache = TimeSpan.Zero;
}
