using System.Data.Common;
using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.Persistence.Sql;
using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus
{
    /// <summary>Settings of <see cref="SqlPersistence"/>.</summary>
    public static class SqlPersistenceConfig
    {
        /// <summary>Chooses the kind of database. Required.</summary>
        public static SqlDialectSettings<T> SqlDialect<T>(this PersistenceExtensions<SqlPersistence> configuration) where T : SqlDialect, new()
        {
            Values(configuration).Dialect = new T();
            return new SqlDialectSettings<T>(configuration.Settings);
        }

        /// <summary>Says how to make a connection; it is opened by the persistence. Required.</summary>
        public static void ConnectionBuilder(this PersistenceExtensions<SqlPersistence> configuration, Func<DbConnection> connectionBuilder) =>
            Values(configuration).ConnectionBuilder = connectionBuilder ?? throw new ArgumentNullException(nameof(connectionBuilder));

        /// <summary>Begins the names of tables with this text, as it is; may be empty. Default: the endpoint name with <c>.</c> as <c>_</c>, and <c>_</c>.</summary>
        public static void TablePrefix(this PersistenceExtensions<SqlPersistence> configuration, string tablePrefix) =>
            Values(configuration).TablePrefix = tablePrefix ?? throw new ArgumentNullException(nameof(tablePrefix));

        /// <summary>Leaves the creation of tables to somebody else, even where installers are enabled.</summary>
        public static void DisableInstaller(this PersistenceExtensions<SqlPersistence> configuration) => Values(configuration).InstallerDisabled = true;

        /// <summary>The schema of the tables. Default: <c>public</c>.</summary>
        public static void Schema(this SqlDialectSettings<SqlDialect.PostgreSql> dialectSettings, string schema)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(schema);
            dialectSettings.Settings.GetOrCreate<SqlPersistenceValues>().Schema = schema;
        }

        /// <summary>The schema of the tables. Default: <c>dbo</c>.</summary>
        public static void Schema(this SqlDialectSettings<SqlDialect.MsSqlServer> dialectSettings, string schema)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(schema);
            dialectSettings.Settings.GetOrCreate<SqlPersistenceValues>().Schema = schema;
        }

        /// <summary>How sagas are stored.</summary>
        public static SagaSettings SagaSettings(this PersistenceExtensions<SqlPersistence> configuration) => new(Values(configuration));

        /// <summary>How subscriptions are stored.</summary>
        public static SubscriptionSettings SubscriptionSettings(this PersistenceExtensions<SqlPersistence> configuration) => new(Values(configuration));

        /// <summary>Marks a parameter as jsonb, in the way of the driver. Needed where the driver is not Npgsql; with Npgsql it is done anyway.</summary>
        public static void JsonBParameterModifier(this SqlDialectSettings<SqlDialect.PostgreSql> dialectSettings, Action<DbParameter> modifier) =>
            dialectSettings.Settings.GetOrCreate<SqlPersistenceValues>().JsonParameter = modifier ?? throw new ArgumentNullException(nameof(modifier));

        private static SqlPersistenceValues Values(ExposeSettings configuration) => configuration.Settings.GetOrCreate<SqlPersistenceValues>();
    }

    /// <summary>Settings of a kind of database.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    public class SqlDialectSettings<T> : ExposeSettings where T : SqlDialect, new()
    {
        /// <summary>Settings of no endpoint.</summary>
        public SqlDialectSettings()
            : this(new SettingsHolder())
        {
        }

        internal SqlDialectSettings(SettingsHolder settings)
            : base(settings)
        {
        }
    }

    /// <summary>Settings of the outbox in a SQL database.</summary>
    public static class SqlPersistenceOutboxSettingsExtensions
    {
        /// <summary>How long a handled message is remembered after everything was sent. Default: 7 days.</summary>
        public static void KeepDeduplicationDataFor(this Outbox.OutboxSettings configuration, TimeSpan timeToKeepDeduplicationData)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToKeepDeduplicationData, TimeSpan.Zero);
            configuration.Settings.GetOrCreate<SqlPersistenceValues>().KeepFor = timeToKeepDeduplicationData;
        }

        /// <summary>How often what is older is removed. Default: every minute.</summary>
        public static void RunDeduplicationDataCleanupEvery(this Outbox.OutboxSettings configuration, TimeSpan frequencyToRunDeduplicationDataCleanup)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(frequencyToRunDeduplicationDataCleanup, TimeSpan.Zero);
            configuration.Settings.GetOrCreate<SqlPersistenceValues>().CleanupEvery = frequencyToRunDeduplicationDataCleanup;
        }

        /// <summary>
        /// Writes the record before the handlers run, so that of two copies of a message handled at the same moment the second waits for the first, and then does nothing. Default:
        /// afterwards, so that both run and one of them is rolled back.
        /// </summary>
        public static void UsePessimisticConcurrencyControl(this Outbox.OutboxSettings outboxSettings) =>
            outboxSettings.Settings.GetOrCreate<SqlPersistenceValues>().PessimisticOutbox = true;

        /// <summary>Removes nothing.</summary>
        public static void DisableCleanup(this Outbox.OutboxSettings configuration) =>
            configuration.Settings.GetOrCreate<SqlPersistenceValues>().CleanupDisabled = true;
    }
}

namespace Bank.ServiceBus.Persistence.Sql
{
    /// <summary>What the configuration calls have gathered.</summary>
    internal sealed class SqlPersistenceValues
    {
        public SqlDialect? Dialect { get; set; }

        public Func<DbConnection>? ConnectionBuilder { get; set; }

        public string? TablePrefix { get; set; }

        public string? Schema { get; set; }

        public bool InstallerDisabled { get; set; }

        public Action<DbParameter>? JsonParameter { get; set; }

        public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

        public TimeSpan CleanupEvery { get; set; } = TimeSpan.FromMinutes(1);

        public bool CleanupDisabled { get; set; }

        public bool PessimisticOutbox { get; set; }

        public Newtonsoft.Json.JsonSerializerSettings? SagaJson { get; set; }

        public Func<string, string>? SagaTableName { get; set; }

        public TimeSpan? SubscriptionCache { get; set; }
    }
}
