using System.Data.Common;
using System.Globalization;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Where the broker is and who we are.</summary>
internal sealed record ConnectionSettings(string Host, int Port, string VirtualHost, string UserName, string Password, bool UseTls)
{
    private static readonly string[] Known = ["host", "port", "virtualhost", "username", "password", "usetls"];

    public static ConnectionSettings Parse(string text)
    {
        var trimmed = text.Trim();
        return trimmed.StartsWith("amqp", StringComparison.OrdinalIgnoreCase) && trimmed.Contains("://", StringComparison.Ordinal)
            ? FromAddress(trimmed)
            : FromPairs(trimmed);
    }

    // The texts themselves stay out of error messages: they hold passwords.
    private static ConnectionSettings FromAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
            throw new ArgumentException("connectionString: is not an amqp:// or amqps:// address.");
        var tls = uri.Scheme == "amqps";
        var user = uri.UserInfo.Split(':', 2);
        return new ConnectionSettings(
            uri.Host.Length > 0 ? uri.Host : throw new ArgumentException("connectionString: names no host."),
            uri.IsDefaultPort || uri.Port <= 0 ? DefaultPort(tls) : uri.Port,
            uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "/",
            user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : "guest",
            user.Length == 2 ? Uri.UnescapeDataString(user[1]) : "guest",
            tls);
    }

    private static ConnectionSettings FromPairs(string text)
    {
        DbConnectionStringBuilder pairs;
        try
        {
            pairs = new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            throw new ArgumentException("connectionString: is not a list of key=value pairs separated by semicolons.");
        }

        if (pairs.Keys.Cast<string>().FirstOrDefault(key => !Known.Contains(key.ToLowerInvariant())) is { } unknown)
            throw new ArgumentException($"connectionString: '{unknown}' is none of {string.Join(", ", Known)}.");
        var tls = Value(pairs, "useTls") is { } flag && (bool.TryParse(flag, out var on) ? on : throw new ArgumentException("connectionString: useTls is neither true nor false."));
        var host = Value(pairs, "host") ?? throw new ArgumentException("connectionString: host is missing.");
        var port = Value(pairs, "port");
        if (port is null && host.LastIndexOf(':') is > 0 and var colon && !host.EndsWith(']')) (host, port) = (host[..colon], host[(colon + 1)..]);
        return new ConnectionSettings(
            host, port is null ? DefaultPort(tls) : PortOf(port), Value(pairs, "virtualHost") ?? "/",
            Value(pairs, "userName") ?? "guest", Value(pairs, "password") ?? "guest", tls);
    }

    private static int PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw new ArgumentException($"connectionString: port '{text}' is not a number from 1 to 65535.");

    private static string? Value(DbConnectionStringBuilder pairs, string key) =>
        pairs.TryGetValue(key, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    private static int DefaultPort(bool tls) => tls ? 5671 : 5672;
}
