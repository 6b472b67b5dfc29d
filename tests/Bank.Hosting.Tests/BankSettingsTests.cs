using Microsoft.Extensions.Configuration;

namespace Bank.Hosting.Tests;

public sealed class BankSettingsTests
{
    [Fact]
    public void Without_any_setting_an_endpoint_runs_embedded()
    {
        var settings = Read();
        Assert.Equal((TransportKind.Learning, DatabaseKind.Sqlite), (settings.Transport, settings.Database));
        Assert.Equal(Path.GetFullPath(".bank"), settings.DataDirectory);
        Assert.Equal((5, 3, TimeSpan.FromSeconds(10), (int?)null), (settings.ImmediateRetries, settings.DelayedRetries, settings.DelayIncrease, settings.Concurrency));
        Assert.Equal(TimeSpan.FromSeconds(10), settings.TakeOverAfter);
    }

    [Fact]
    public void Everything_can_be_chosen()
    {
        var settings = Read(
            ("Bank:Transport", "rabbitmq"), ("Bank:Database", "PostgreSql"), ("ConnectionStrings:RabbitMQ", "host=a"), ("ConnectionStrings:Database", "Host=b"),
            ("Bank:DataDirectory", "/data"), ("Bank:Concurrency", "7"), ("Bank:Retries:Immediate", "0"), ("Bank:Retries:Delayed", "9"), ("Bank:Retries:DelayIncrease", "00:00:02"),
            ("Bank:Hub:TakeOverAfter", "00:00:03"));
        Assert.Equal((TransportKind.RabbitMQ, DatabaseKind.PostgreSql), (settings.Transport, settings.Database));
        Assert.Equal(("host=a", "Host=b", "/data"), (settings.RabbitMqConnection, settings.DatabaseConnection, settings.DataDirectory));
        Assert.Equal((0, 9, TimeSpan.FromSeconds(2), (int?)7), (settings.ImmediateRetries, settings.DelayedRetries, settings.DelayIncrease, settings.Concurrency));
        Assert.Equal(TimeSpan.FromSeconds(3), settings.TakeOverAfter);
    }

    [Fact]
    public void A_database_whose_driver_does_not_work_in_this_build_is_refused()
    {
        var settings = Read(("Bank:Database", "SqlServer"), ("ConnectionStrings:Database", "Server=b"));
        Assert.Equal((DatabaseKind.SqlServer, "Server=b"), (settings.Database, settings.DatabaseConnection));
        Assert.StartsWith("Bank:Database: ", Assert.Throws<InvalidOperationException>(() => BankDatabase.For(settings, "Bank.Test")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bank:Transport", "pigeon")]
    [InlineData("Bank:Transport", "3")]
    [InlineData("Bank:Database", "oracle")]
    [InlineData("Bank:Concurrency", "0")]
    [InlineData("Bank:Concurrency", "many")]
    [InlineData("Bank:Retries:Immediate", "-1")]
    [InlineData("Bank:Retries:Delayed", "101")]
    [InlineData("Bank:Retries:DelayIncrease", "soon")]
    [InlineData("Bank:Retries:DelayIncrease", "-00:00:01")]
    [InlineData("Bank:Hub:TakeOverAfter", "00:00:00")]
    [InlineData("Bank:Hub:TakeOverAfter", "00:00:00.5")]
    [InlineData("Bank:Hub:TakeOverAfter", "5")]
    public void A_wrong_value_is_refused_by_name(string key, string value)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Read((key, value)));
        Assert.StartsWith(key + ": ", error.Message);
        Assert.Contains(value, error.Message);
    }

    [Theory]
    [InlineData("Bank:Transport", "RabbitMQ", "ConnectionStrings:RabbitMQ")]
    [InlineData("Bank:Database", "PostgreSql", "ConnectionStrings:Database")]
    public void A_missing_connection_string_is_asked_for_by_name(string key, string value, string missing) =>
        Assert.StartsWith(missing + ": ", Assert.Throws<InvalidOperationException>(() => Read((key, value))).Message);

    [Fact]
    public void The_connection_to_the_service_platform_is_a_json_text_or_a_file_with_it()
    {
        const string json = """ { "Heartbeats": { "Enabled": true, "HeartbeatsQueue": "Particular.ServiceControl" } }""";
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, json);
            Assert.All([json, file], value => Assert.Equal("Particular.ServiceControl", Read(("Bank:ServicePlatform", value)).ServicePlatform!.Heartbeats!.HeartbeatsQueue));
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Null(Read().ServicePlatform);
        Assert.Null(Read(("Bank:ServicePlatform", " ")).ServicePlatform);
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("""{ "Heartbeats": { "Frequency": "often" } }""", "Heartbeats.Frequency")]
    [InlineData("/there/is/no/such/file.json", "/there/is/no/such/file.json")]
    public void A_connection_to_the_service_platform_that_cannot_be_read_is_refused_by_name(string value, string named)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Read(("Bank:ServicePlatform", value)));
        Assert.StartsWith("Bank:ServicePlatform: ", error.Message);
        Assert.Contains(named, error.Message);
    }

    private static BankSettings Read(params (string Key, string Value)[] values) =>
        BankSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build());
}
