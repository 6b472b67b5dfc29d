using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;
using Bank.ServiceBus.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>What the names of schemas and tables may be made of, on every dialect and without a server.</summary>
public sealed class NamePartTests
{
    [Theory]
    [InlineData("it's")]
    [InlineData("a\"b")]
    [InlineData("a]b")]
    [InlineData("50%")]
    [InlineData("$drop$")]
    [InlineData("a;b")]
    public void A_schema_prefix_or_suffix_that_no_script_could_hold_is_refused_by_the_name_of_its_setting(string part)
    {
        Assert.StartsWith("Schema: ", Refusal(persistence => persistence.SqlDialect<SqlDialect.PostgreSql>().Schema(part)), StringComparison.Ordinal);
        Assert.StartsWith("Schema: ", Refusal(persistence => persistence.SqlDialect<SqlDialect.MsSqlServer>().Schema(part)), StringComparison.Ordinal);
        Assert.StartsWith("TablePrefix: ", Refusal(persistence => persistence.TablePrefix(part)), StringComparison.Ordinal);
        Assert.Contains("table suffix: ", Refusal(persistence => persistence.SagaSettings().NameFilter(_ => part)), StringComparison.Ordinal);
        Assert.StartsWith("TablePrefix: ", Refusal(_ => { }, endpoint: "Bank." + part), StringComparison.Ordinal);
    }

    private static string Refusal(Action<PersistenceExtensions<SqlPersistence>> choose, string endpoint = "Bank.Test")
    {
        var settings = new SettingsHolder();
        var definition = SqlPersistence.Create(settings);
        var persistence = new PersistenceExtensions<SqlPersistence>(settings);
        persistence.SqlDialect<SqlDialect.PostgreSql>();
        persistence.ConnectionBuilder(() => throw new InvalidOperationException("Nobody connects."));
        choose(persistence);
        return Assert.Throws<InvalidOperationException>(() => definition.Initialize(new PersistenceHostSettings(
            endpoint, settings, [SagaMetadataReader.Read(typeof(OrderSaga))], OutboxEnabled: true, (_, _, _) => { }, NullLoggerFactory.Instance, TimeProvider.System))).Message;
    }
}
