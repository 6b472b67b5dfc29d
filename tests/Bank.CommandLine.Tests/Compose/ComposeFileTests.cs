using Bank.CommandLine.Running;
using Bank.ServiceBus;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Bank.CommandLine.Tests.Compose;

/// <summary>The compose file against the part of the Compose Specification that it uses: an unknown key or a wrong type fails to load.</summary>
public sealed class ComposeFileTests
{
    private static readonly string Root = EndpointFiles.Repository();
    private static readonly ComposeFile File = Load();

    [Fact]
    public void Every_endpoint_has_a_service_built_from_its_own_project()
    {
        var built = File.Services.Values.Select(service => service.Build?.Args["ENDPOINT"]).OfType<string>().Order();
        Assert.Equal(BankPlan.Endpoints.Order(), built);
        Assert.All(built, endpoint => Assert.True(System.IO.File.Exists(Path.Combine(Root, "endpoints", endpoint, endpoint + ".csproj"))));
    }

    [Fact]
    public void Every_dependency_is_a_service_that_tells_its_health()
    {
        foreach (var (name, condition) in File.Services.Values.SelectMany(service => service.DependsOn))
        {
            Assert.Equal("service_healthy", condition.Condition);
            var dependency = Assert.Contains(name, (IDictionary<string, Service>)File.Services);
            // The image of an endpoint brings its own check, and so do those of the service platform.
            Assert.True(dependency.Healthcheck is not null || dependency.Build is not null || dependency.Image!.StartsWith("particular/", StringComparison.Ordinal), name);
        }
    }

    [Fact]
    public void Every_endpoint_has_a_database_of_its_own_that_the_script_creates()
    {
        var script = System.IO.File.ReadAllText(Path.Combine(Root, "ops", "compose", "create-databases.sql"));
        var databases = Endpoints().Select(service => service.Environment["ConnectionStrings__Database"].Split("Database=")[1]).ToArray();
        Assert.Equal(databases.Length, databases.Distinct().Count());
        Assert.All(databases, database => Assert.Contains($"CREATE DATABASE {database};", script));
    }

    [Fact]
    public void Passwords_come_from_the_environment()
    {
        var secrets = File.Services.Values.SelectMany(service => service.Environment)
            .Where(pair => pair.Key.Contains("PASS", StringComparison.OrdinalIgnoreCase) || pair.Value.Contains("assword=", StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.Matches(@"\$\{(POSTGRES|RABBITMQ)_PASSWORD:-local-only\}", secret.Value));
    }

    [Fact]
    public void Nothing_is_published_beyond_this_machine() =>
        Assert.All(File.Services.Values.SelectMany(service => service.Ports), port => Assert.StartsWith("127.0.0.1:", port));

    [Fact]
    public void Files_that_are_mounted_exist() =>
        Assert.All(
            File.Services.Values.SelectMany(service => service.Volumes).Where(volume => volume.StartsWith("./", StringComparison.Ordinal)),
            volume => Assert.True(System.IO.File.Exists(Path.Combine(Root, volume.Split(':')[0]))));

    [Fact]
    public void The_bank_runs_without_the_service_platform()
    {
        var platform = File.Services.Where(pair => pair.Value.Image?.StartsWith("particular/", StringComparison.Ordinal) == true).ToArray();
        Assert.Equal(5, platform.Length);
        Assert.All(platform, pair => Assert.Equal(["service-platform"], pair.Value.Profiles));
        Assert.All(File.Services.Where(pair => pair.Value.Profiles.Count == 0), pair => Assert.Empty(pair.Value.DependsOn.Keys.Intersect(platform.Select(part => part.Key))));
    }

    [Fact]
    public void Every_endpoint_can_be_connected_to_the_service_platform()
    {
        Assert.All(Endpoints(), endpoint =>
        {
            Assert.Contains("./ops/compose/service-platform.json:/etc/bank/service-platform.json:ro", endpoint.Volumes);
            Assert.Equal("${BANK_SERVICE_PLATFORM:-}", endpoint.Environment["Bank__ServicePlatform"]);
        });
        var connection = ServicePlatformConnectionConfiguration.Parse(System.IO.File.ReadAllText(Path.Combine(Root, "ops", "compose", "service-platform.json")));
        new EndpointConfiguration("any").ConnectToServicePlatform(connection);
        Assert.Equal(
            (true, true, true, true, true),
            (connection.Heartbeats!.Enabled, connection.CustomChecks!.Enabled, connection.MessageAudit!.Enabled, connection.SagaAudit!.Enabled, connection.Metrics!.Enabled));
    }

    [Fact]
    public void An_unknown_key_is_noticed() =>
        Assert.Throws<YamlException>(() => Deserializer().Deserialize<ComposeFile>("services: { a: { imagge: b } }"));

    private static IEnumerable<Service> Endpoints() => File.Services.Values.Where(service => service.Build is not null);

    private static ComposeFile Load() =>
        Deserializer().Deserialize<ComposeFile>(new MergingParser(new Parser(new StringReader(System.IO.File.ReadAllText(Path.Combine(Root, "docker-compose.yml"))))));

    private static IDeserializer Deserializer() => new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build();

    private sealed class ComposeFile
    {
        public string Name { get; set; } = "";

        [YamlMember(Alias = "x-endpoint", ApplyNamingConventions = false)]
        public object? SharedEndpoint { get; set; }

        [YamlMember(Alias = "x-settings", ApplyNamingConventions = false)]
        public object? SharedSettings { get; set; }

        [YamlMember(Alias = "x-platform-settings", ApplyNamingConventions = false)]
        public object? SharedPlatformSettings { get; set; }

        public Dictionary<string, Service> Services { get; set; } = [];

        public Dictionary<string, object?> Volumes { get; set; } = [];
    }

    private sealed class Service
    {
        public string? Image { get; set; }

        public Build? Build { get; set; }

        public List<string> Profiles { get; set; } = [];

        public List<string> Command { get; set; } = [];

        public string? Restart { get; set; }

        public Dictionary<string, string> Environment { get; set; } = [];

        public Dictionary<string, Dependency> DependsOn { get; set; } = [];

        public Healthcheck? Healthcheck { get; set; }

        public List<string> Volumes { get; set; } = [];

        public List<string> Ports { get; set; } = [];
    }

    private sealed class Build
    {
        public string Context { get; set; } = "";

        public Dictionary<string, string> Args { get; set; } = [];
    }

    private sealed class Dependency
    {
        public string Condition { get; set; } = "";
    }

    private sealed class Healthcheck
    {
        public List<string> Test { get; set; } = [];

        public string Interval { get; set; } = "";

        public string Timeout { get; set; } = "";

        public int Retries { get; set; }
    }
}
