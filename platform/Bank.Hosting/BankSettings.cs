using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Bank.Hosting;

/// <summary>What every endpoint reads from its configuration, checked.</summary>
public sealed record BankSettings
{
    private BankSettings()
    {
    }

    /// <summary><c>Bank:Transport</c>: how messages travel. Default: <see cref="TransportKind.Learning"/>.</summary>
    public required TransportKind Transport { get; init; }

    /// <summary><c>Bank:Database</c>: where the endpoint keeps its data. Default: <see cref="DatabaseKind.Sqlite"/>.</summary>
    public required DatabaseKind Database { get; init; }

    /// <summary><c>Bank:DataDirectory</c>: folder of the embedded transport and databases, as a full path. Default: <c>.bank</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary><c>ConnectionStrings:RabbitMQ</c>; required for <see cref="TransportKind.RabbitMQ"/>, otherwise null.</summary>
    public required string? RabbitMqConnection { get; init; }

    /// <summary>
    /// <c>Bank:RabbitMQ:Management:Url</c>, and <c>UserName</c> with <c>Password</c> beside it when they differ from the connection's: the broker's management API, by which feature
    /// flags and delivery limits are checked at start. Null without a URL: they are not. Needed with RabbitMQ 4 and later, which drops a message after 20 deliveries unless told otherwise.
    /// </summary>
    public required ManagementApiConfiguration? RabbitMqManagement { get; init; }

    /// <summary><c>Bank:RabbitMQ:ClientCertificate:Path</c>, and <c>Password</c> beside it if it has one: a PKCS #12 file that proves to the broker who the endpoint is. Null without a path.</summary>
    public required X509Certificate2? RabbitMqClientCertificate { get; init; }

    /// <summary><c>ConnectionStrings:Database</c>; required for <see cref="DatabaseKind.PostgreSql"/> and <see cref="DatabaseKind.SqlServer"/>, otherwise null.</summary>
    public required string? DatabaseConnection { get; init; }

    /// <summary><c>Bank:Concurrency</c>: how many messages are handled at a time, 1 to 1000. Null: as many as there are processors, at least 2.</summary>
    public required int? Concurrency { get; init; }

    /// <summary><c>Bank:Retries:Immediate</c>: how often a failed message is tried again at once. Default: 5.</summary>
    public required int ImmediateRetries { get; init; }

    /// <summary><c>Bank:Retries:Delayed</c>: how often a failed message is tried again later. Default: 3.</summary>
    public required int DelayedRetries { get; init; }

    /// <summary><c>Bank:Retries:DelayIncrease</c>: how much longer each delay is than the one before. Default: 10 seconds.</summary>
    public required TimeSpan DelayIncrease { get; init; }

    /// <summary><c>Bank:Hub:TakeOverAfter</c>: how long after the last sign of an instance that publishes, or that sends replays, another takes over, from 1 second to 1 hour. Default: 10 seconds.</summary>
    public required TimeSpan TakeOverAfter { get; init; }

    /// <summary>
    /// <c>Bank:ServicePlatform</c>: how the endpoint is connected to ServiceControl, as ServicePulse offers it under Configuration, Endpoint Connection:
    /// the JSON text itself, or the path of a file that holds it. Null: not connected.
    /// </summary>
    public required ServicePlatformConnectionConfiguration? ServicePlatform { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static BankSettings Read(IConfiguration configuration)
    {
        var transport = Choice(configuration, "Bank:Transport", TransportKind.Learning);
        var database = Choice(configuration, "Bank:Database", DatabaseKind.Sqlite);
        return new BankSettings
        {
            Transport = transport,
            Database = database,
            DataDirectory = Path.GetFullPath(configuration["Bank:DataDirectory"] is { Length: > 0 } folder ? folder : ".bank"),
            RabbitMqConnection = transport == TransportKind.RabbitMQ ? Connection(configuration, "RabbitMQ") : null,
            RabbitMqManagement = transport == TransportKind.RabbitMQ ? Management(configuration) : null,
            RabbitMqClientCertificate = transport == TransportKind.RabbitMQ ? ClientCertificate(configuration) : null,
            DatabaseConnection = database == DatabaseKind.Sqlite ? null : Connection(configuration, "Database"),
            Concurrency = configuration["Bank:Concurrency"] is { Length: > 0 } ? Number(configuration, "Bank:Concurrency", 1, 1, 1000) : null,
            ImmediateRetries = Number(configuration, "Bank:Retries:Immediate", 5, 0, 100),
            DelayedRetries = Number(configuration, "Bank:Retries:Delayed", 3, 0, 100),
            DelayIncrease = Duration(configuration, "Bank:Retries:DelayIncrease", TimeSpan.FromSeconds(10)),
            TakeOverAfter = TakeOver(configuration, "Bank:Hub:TakeOverAfter", TimeSpan.FromSeconds(10)),
            ServicePlatform = Platform(configuration, "Bank:ServicePlatform"),
        };
    }

    private static T Choice<T>(IConfiguration configuration, string key, T whenMissing) where T : struct, Enum
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text)) return whenMissing;
        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)) return value;
        throw new InvalidOperationException($"{key}: '{text}' is none of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static string Connection(IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } text
            ? text
            : throw new InvalidOperationException($"ConnectionStrings:{name}: missing.");

    private static ManagementApiConfiguration? Management(IConfiguration configuration)
    {
        const string key = "Bank:RabbitMQ:Management";
        if (configuration[key + ":Url"] is not { Length: > 0 } url) return null;
        var (user, password) = (configuration[key + ":UserName"], configuration[key + ":Password"]);
        if (string.IsNullOrEmpty(user) != string.IsNullOrEmpty(password)) throw new InvalidOperationException($"{key}: UserName and Password belong together; one is missing.");
        try
        {
            return string.IsNullOrEmpty(user) ? new ManagementApiConfiguration(url) : new ManagementApiConfiguration(url, user, password!);
        }
        catch (ArgumentException)
        {
            throw new InvalidOperationException($"{key}:Url: '{url}' is not an absolute http:// or https:// address.");
        }
    }

    private static X509Certificate2? ClientCertificate(IConfiguration configuration)
    {
        const string key = "Bank:RabbitMQ:ClientCertificate";
        if (configuration[key + ":Path"] is not { Length: > 0 } path) return null;
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, configuration[key + ":Password"]);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{key}:Path: '{path}' cannot be read as a PKCS #12 file: {exception.Message}", exception);
        }
    }

    private static ServicePlatformConnectionConfiguration? Platform(IConfiguration configuration, string key)
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            return ServicePlatformConnectionConfiguration.Parse(text.TrimStart().StartsWith('{') ? text : File.ReadAllText(text));
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{key}: {exception.Message}", exception);
        }
    }

    private static int Number(IConfiguration configuration, string key, int whenMissing, int min, int max)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text)) return whenMissing;
        if (int.TryParse(text, out var value) && value >= min && value <= max) return value;
        throw new InvalidOperationException($"{key}: '{text}' is not a whole number from {min} to {max}.");
    }

    // An instance shows that it lives three times as often; and "5", which is 5 days, was hardly meant.
    private static TimeSpan TakeOver(IConfiguration configuration, string key, TimeSpan whenMissing)
    {
        var value = Duration(configuration, key, whenMissing);
        return value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new InvalidOperationException($"{key}: '{configuration[key]}' is not from 00:00:01 to 01:00:00.");
    }

    private static TimeSpan Duration(IConfiguration configuration, string key, TimeSpan whenMissing)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text)) return whenMissing;
        if (TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value > TimeSpan.Zero) return value;
        throw new InvalidOperationException($"{key}: '{text}' is not a time span above zero, such as 00:00:10.");
    }
}
