using System.Globalization;
using System.Text.Json;

namespace Bank.ServiceBus.ServicePlatform;

/// <summary>Reads the connection file.</summary>
internal static class ConnectionFile
{
    private const string Argument = "jsonConfiguration";

    public static ServicePlatformConnectionConfiguration Read(string json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json, Argument);
        using var document = ParseJson(json);
        var root = new Section("", document.RootElement);
        return new ServicePlatformConnectionConfiguration
        {
            ErrorQueue = root.Text("ErrorQueue"),
            Heartbeats = root.Find("Heartbeats") is { } heartbeats ? Heartbeats(heartbeats) : null,
            CustomChecks = root.Find("CustomChecks") is { } checks ? CustomChecks(checks) : null,
            MessageAudit = root.Find("MessageAudit") is { } audit ? MessageAudit(audit) : null,
            SagaAudit = root.Find("SagaAudit") is { } sagas ? SagaAudit(sagas) : null,
            Metrics = root.Find("Metrics") is { } metrics ? Metrics(metrics) : null,
        };
    }

    private static ServicePlatformHeartbeatConfiguration Heartbeats(Section section) => new()
    {
        Enabled = section.Flag("Enabled"),
        HeartbeatsQueue = section.Text("HeartbeatsQueue"),
        Frequency = section.Duration("Frequency"),
        TimeToLive = section.Duration("TimeToLive"),
    };

    private static ServicePlatformCustomChecksConfiguration CustomChecks(Section section) => new()
    {
        Enabled = section.Flag("Enabled"),
        CustomChecksQueue = section.Text("CustomChecksQueue"),
        TimeToLive = section.Duration("TimeToLive"),
    };

    private static ServicePlatformMessageAuditConfiguration MessageAudit(Section section) => new()
    {
        Enabled = section.Flag("Enabled"),
        AuditQueue = section.Text("AuditQueue"),
    };

    private static ServicePlatformSagaAuditConfiguration SagaAudit(Section section) => new()
    {
        Enabled = section.Flag("Enabled"),
        SagaAuditQueue = section.Text("SagaAuditQueue"),
    };

    private static ServicePlatformMetricsConfiguration Metrics(Section section) => new()
    {
        Enabled = section.Flag("Enabled"),
        MetricsQueue = section.Text("MetricsQueue"),
        Interval = section.Duration("Interval") ?? TimeSpan.Zero,
        InstanceId = section.Text("InstanceId"),
        TimeToLive = section.Duration("TimeToLive"),
    };

    private static JsonDocument ParseJson(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"The connection to the service platform is not JSON: {exception.Message}", Argument, exception);
        }
    }

    private readonly struct Section
    {
        private readonly string path;
        private readonly JsonElement element;

        public Section(string path, JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw Wrong(path.Length == 0 ? "The connection to the service platform" : path, "an object", element);
            (this.path, this.element) = (path, element);
        }

        public Section? Find(string name) => Member(name) is { } member ? new Section(Path(name), member) : null;

        public string? Text(string name)
        {
            if (Member(name) is not { } member) return null;
            return member.ValueKind == JsonValueKind.String ? member.GetString() : throw Wrong(Path(name), "a text", member);
        }

        public bool Flag(string name)
        {
            if (Member(name) is not { } member) return false;
            return member.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.GetBoolean() : throw Wrong(Path(name), "true or false", member);
        }

        public TimeSpan? Duration(string name)
        {
            if (Member(name) is not { } member) return null;
            return member.ValueKind == JsonValueKind.String && TimeSpan.TryParseExact(member.GetString(), "c", CultureInfo.InvariantCulture, out var duration)
                ? duration
                : throw Wrong(Path(name), "a duration of the form 00:00:10", member);
        }

        private static ArgumentException Wrong(string path, string expected, JsonElement found) =>
            new($"{path}: {found.GetRawText()} is not {expected}.", Argument);

        private string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";

        // The last of several counts, and null means that the member is not there.
        private JsonElement? Member(string name)
        {
            JsonElement? found = null;
            foreach (var property in element.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) found = property.Value;
            }

            return found is { ValueKind: not JsonValueKind.Null } ? found : null;
        }
    }
}
