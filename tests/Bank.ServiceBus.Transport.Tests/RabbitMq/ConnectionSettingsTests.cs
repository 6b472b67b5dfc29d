using Bank.ServiceBus.RabbitMQ;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

public sealed class ConnectionSettingsTests
{
    public static TheoryData<string, string> Good => new()
    {
        { "host=a", "a 5672 / guest guest False" },
        { "HOST=a;UseTls=true", "a 5671 / guest guest True" },
        { "host=a:1234;virtualHost=v;userName=u;password=p;w", "" },
        { "host=a:1234;virtualHost=v;userName=u;password=p", "a 1234 v u p False" },
        { "host=a;port=99", "a 99 / guest guest False" },
        { "amqp://u:p%40ss@h:77/v%2Fh", "h 77 v/h u p@ss False" },
        { "amqps://h", "h 5671 / guest guest True" },
        { "amqp://h", "h 5672 / guest guest False" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Both_forms_are_read(string text, string expected)
    {
        if (expected.Length == 0)
        {
            Assert.Throws<ArgumentException>(() => ConnectionSettings.Parse(text));
            return;
        }

        var (host, port, virtualHost, user, password, tls) = ConnectionSettings.Parse(text);
        Assert.Equal(expected, $"{host} {port} {virtualHost} {user} {password} {tls}");
    }

    [Theory]
    [InlineData("port=5672", "host is missing")]
    [InlineData("host=a;port=0", "port '0'")]
    [InlineData("host=a;useTls=maybe", "useTls")]
    [InlineData("host=a;colour=red", "'colour'")]
    public void What_is_wrong_is_named(string text, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => ConnectionSettings.Parse(text)).Message);

    [Fact]
    public void A_password_never_shows_in_an_error() =>
        Assert.DoesNotContain("secret", Assert.Throws<ArgumentException>(() => ConnectionSettings.Parse("host=a;password=secret;port=x")).Message);
}
