namespace Bank.ServiceBus.ServicePlatform.Tests;

public sealed class ConnectionFileTests
{
    private const string Complete = """
        {
          "ErrorQueue": "error-of-the-bank",
          "Heartbeats": { "Enabled": true, "HeartbeatsQueue": "Particular.ServiceControl", "Frequency": "00:00:05", "TimeToLive": "00:00:20" },
          "CustomChecks": { "Enabled": true, "CustomChecksQueue": "Particular.ServiceControl", "TimeToLive": "00:01:00" },
          "MessageAudit": { "Enabled": true, "AuditQueue": "audit" },
          "SagaAudit": { "Enabled": true, "SagaAuditQueue": "audit" },
          "Metrics": { "Enabled": true, "MetricsQueue": "Particular.Monitoring", "Interval": "00:00:01", "InstanceId": "accounts-1", "TimeToLive": "7.00:00:00" }
        }
        """;

    [Fact]
    public void Every_member_of_the_file_is_read()
    {
        var connection = ServicePlatformConnectionConfiguration.Parse(Complete);
        Assert.Equal("error-of-the-bank", connection.ErrorQueue);
        Assert.Equal(
            (true, "Particular.ServiceControl", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20)),
            (connection.Heartbeats!.Enabled, connection.Heartbeats.HeartbeatsQueue, connection.Heartbeats.Frequency, connection.Heartbeats.TimeToLive));
        Assert.Equal(
            (true, "Particular.ServiceControl", TimeSpan.FromMinutes(1)),
            (connection.CustomChecks!.Enabled, connection.CustomChecks.CustomChecksQueue, connection.CustomChecks.TimeToLive));
        Assert.Equal((true, "audit"), (connection.MessageAudit!.Enabled, connection.MessageAudit.AuditQueue));
        Assert.Equal((true, "audit"), (connection.SagaAudit!.Enabled, connection.SagaAudit.SagaAuditQueue));
        Assert.Equal(
            (true, "Particular.Monitoring", TimeSpan.FromSeconds(1), "accounts-1", TimeSpan.FromDays(7)),
            (connection.Metrics!.Enabled, connection.Metrics.MetricsQueue, connection.Metrics.Interval, connection.Metrics.InstanceId, connection.Metrics.TimeToLive));
    }

    [Fact]
    public void Names_count_in_any_case_and_unknown_ones_are_left_alone()
    {
        var connection = ServicePlatformConnectionConfiguration.Parse(
            """{ "errorqueue": "e", "HEARTBEATS": { "enabled": true, "heartbeatsQueue": "q", "New": 1 }, "SagaAudit1": { "Enabled": "who knows" } }""");
        Assert.Equal(("e", "q"), (connection.ErrorQueue, connection.Heartbeats!.HeartbeatsQueue));
        Assert.Null(connection.SagaAudit);
    }

    [Fact]
    public void What_is_not_there_stays_unset()
    {
        var connection = ServicePlatformConnectionConfiguration.Parse("""{ "Heartbeats": null, "Metrics": {} }""");
        Assert.Null(connection.ErrorQueue);
        Assert.Null(connection.Heartbeats);
        Assert.Equal((false, null, TimeSpan.Zero, null), (connection.Metrics!.Enabled, connection.Metrics.MetricsQueue, connection.Metrics.Interval, connection.Metrics.TimeToLive));
    }

    [Theory]
    [InlineData("""{ "ErrorQueue": 7 }""", "ErrorQueue: 7 is not a text.")]
    [InlineData("""{ "Heartbeats": "on" }""", "Heartbeats: \"on\" is not an object.")]
    [InlineData("""{ "Heartbeats": { "Enabled": "yes" } }""", "Heartbeats.Enabled: \"yes\" is not true or false.")]
    [InlineData("""{ "Heartbeats": { "Frequency": 10 } }""", "Heartbeats.Frequency: 10 is not a duration of the form 00:00:10.")]
    [InlineData("""{ "Metrics": { "Interval": "1s" } }""", "Metrics.Interval: \"1s\" is not a duration of the form 00:00:10.")]
    [InlineData("""{ "Metrics": { "InstanceId": [] } }""", "Metrics.InstanceId: [] is not a text.")]
    [InlineData("[]", "The connection to the service platform: [] is not an object.")]
    [InlineData("{", "The connection to the service platform is not JSON:")]
    public void What_is_wrong_is_named(string json, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => ServicePlatformConnectionConfiguration.Parse(json));
        Assert.StartsWith(expected, error.Message);
    }

    [Theory]
    [InlineData("""{ "Heartbeats": { "Enabled": true } }""", "Heartbeats.HeartbeatsQueue")]
    [InlineData("""{ "Heartbeats": { "Enabled": true, "HeartbeatsQueue": "q", "Frequency": "00:00:00" } }""", "Heartbeats.Frequency")]
    [InlineData("""{ "Heartbeats": { "Enabled": true, "HeartbeatsQueue": "q", "TimeToLive": "-00:00:01" } }""", "Heartbeats.TimeToLive")]
    [InlineData("""{ "CustomChecks": { "Enabled": true, "CustomChecksQueue": " " } }""", "CustomChecks.CustomChecksQueue")]
    [InlineData("""{ "CustomChecks": { "Enabled": true, "CustomChecksQueue": "q", "TimeToLive": "00:00:00" } }""", "CustomChecks.TimeToLive")]
    [InlineData("""{ "MessageAudit": { "Enabled": true } }""", "MessageAudit.AuditQueue")]
    [InlineData("""{ "SagaAudit": { "Enabled": true } }""", "SagaAudit.SagaAuditQueue")]
    [InlineData("""{ "Metrics": { "Enabled": true, "Interval": "00:00:01" } }""", "Metrics.MetricsQueue")]
    [InlineData("""{ "Metrics": { "Enabled": true, "MetricsQueue": "q" } }""", "Metrics.Interval")]
    [InlineData("""{ "Metrics": { "Enabled": true, "MetricsQueue": "q", "Interval": "50.00:00:00" } }""", "Metrics.Interval")]
    [InlineData("""{ "Metrics": { "Enabled": true, "MetricsQueue": "q", "Interval": "00:00:01", "TimeToLive": "00:00:00" } }""", "Metrics.TimeToLive")]
    public void An_enabled_section_must_be_complete_or_nothing_is_applied(string json, string named)
    {
        var endpoint = new EndpointConfiguration("x");
        var connection = ServicePlatformConnectionConfiguration.Parse(json);
        connection.ErrorQueue = "e";
        var error = Assert.ThrowsAny<ArgumentException>(() => endpoint.ConnectToServicePlatform(connection));
        Assert.StartsWith(named + ": ", error.Message);
        Assert.Equal("error", endpoint.Values.ErrorQueue);
        Assert.Empty(endpoint.Values.Companions);
    }

    [Fact]
    public void Sections_apply_only_when_they_are_enabled()
    {
        var endpoint = new EndpointConfiguration("x");
        endpoint.ConnectToServicePlatform(ServicePlatformConnectionConfiguration.Parse(Complete.Replace("true", "false", StringComparison.Ordinal)));
        Assert.Equal(("error-of-the-bank", null), (endpoint.Values.ErrorQueue, endpoint.Values.AuditQueue));
        Assert.Empty(endpoint.Values.Companions);
        Assert.Null(endpoint.Values.Observer);

        endpoint.ConnectToServicePlatform(ServicePlatformConnectionConfiguration.Parse(Complete));
        Assert.Equal("audit", endpoint.Values.AuditQueue);
        Assert.Equal(4, endpoint.Values.Companions.Count);
        Assert.NotNull(endpoint.Values.Observer);
    }
}
