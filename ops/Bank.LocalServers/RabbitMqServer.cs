using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bank.LocalServers;

/// <summary>A private RabbitMQ on loopback ports, with its own data folder, node name and port mapper; from installed binaries.</summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    /// <summary>How to get what is missing.</summary>
    public const string HowToInstall = "RabbitMQ is not installed: apt-get install -y --no-install-recommends rabbitmq-server";

    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const int SignalTerminate = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly string folder;
    private readonly int[] ports;
    private Process process;

    private RabbitMqServer(string folder, int[] ports, Process process)
    {
        this.folder = folder;
        this.ports = ports;
        this.process = process;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port => ports[0];

    /// <summary>The port with TLS on 127.0.0.1, if it was started with one.</summary>
    public int TlsPort => ports[4];

    /// <summary>Where the management API is, if it was started with it.</summary>
    public string ManagementUrl => $"http://127.0.0.1:{ports[3]}";

    /// <summary>As the transport reads it.</summary>
    public string ConnectionString => $"host=127.0.0.1;port={Port}";

    /// <summary>Whether the broker is installed.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Starts a broker; makes its data folder when there is none.</summary>
    /// <param name="folder">Where it keeps everything; on the same folder it continues with the same data and ports.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LocalServerException">It could not be started.</exception>
    public static Task<RabbitMqServer> StartAsync(string folder, CancellationToken cancellationToken = default) => StartAsync(folder, new Extras(), cancellationToken);

    /// <summary>Starts a broker with more than the least; makes its data folder when there is none.</summary>
    /// <param name="folder">Where it keeps everything; on the same folder it continues with the same data and ports.</param>
    /// <param name="extras">What it has besides.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LocalServerException">It could not be started.</exception>
    public static async Task<RabbitMqServer> StartAsync(string folder, Extras extras, CancellationToken cancellationToken = default)
    {
        if (!IsInstalled) throw new LocalServerException(HowToInstall);
        folder = Path.GetFullPath(folder);
        if (Attach(folder) is { } running) return running;
        Directory.CreateDirectory(folder);
        using var reserved = new ReservedPorts();
        var ports = ServerProcess.Read(folder)?.Ports ?? reserved.Take(5);
        Configure(folder, ports, extras);
        var server = new RabbitMqServer(folder, ports, Launch(folder, ports));
        await server.Ready(cancellationToken);
        return server;
    }

    /// <summary>The broker of a folder, if it runs.</summary>
    public static RabbitMqServer? Attach(string folder)
    {
        folder = Path.GetFullPath(folder);
        return ServerProcess.Read(folder) is { } saved && saved.Find() is { } process ? new RabbitMqServer(folder, saved.Ports, process) : null;
    }

    /// <summary>Stops after everything is on disk.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (!process.HasExited)
        {
            Commands.Signal(process, SignalTerminate);
            await process.WaitForExitAsync(cancellationToken);
        }

        await StopPortMapper(cancellationToken);
    }

    /// <summary>Ends the process at once, as in a crash.</summary>
    public async Task CrashAsync(CancellationToken cancellationToken = default)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Starts again on the same ports and data.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        process = Launch(folder, ports);
        await Ready(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>What a broker may have besides AMQP on a plain port.</summary>
    /// <param name="Management">Whether it answers at <see cref="ManagementUrl"/>.</param>
    /// <param name="Tls">Lines of its configuration that name its certificates; null for no port with TLS.</param>
    /// <param name="MostMessageBytes">How long a body it takes; null for as long as it does by default.</param>
    public sealed record Extras(bool Management = false, string? Tls = null, int? MostMessageBytes = null);

    private static void Configure(string folder, int[] ports, Extras extras)
    {
        File.WriteAllText(Path.Combine(folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{ports[0]}
            disk_free_limit.absolute = 50MB
            vm_memory_high_watermark.absolute = 1GB
            raft.wal_max_size_bytes = 32000000
            log.console = false
            {(extras.Management ? $"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {ports[3]}" : "")}
            {(extras.Tls is null ? "" : $"listeners.ssl.1 = 127.0.0.1:{ports[4]}\n{extras.Tls}")}
            {(extras.MostMessageBytes is { } bytes ? $"max_message_size = {Text(bytes)}" : "")}

            """);
        File.WriteAllText(Path.Combine(folder, "enabled_plugins"), extras.Management ? "[rabbitmq_management]." : "[].");
        File.WriteAllText(Path.Combine(folder, "rabbitmq-env.conf"), "");
    }

    private static Dictionary<string, string> EnvironmentOf(string folder, int[] ports) => new()
    {
        ["HOME"] = folder,
        ["RABBITMQ_NODENAME"] = $"bank-{ports[0]}@localhost",
        ["RABBITMQ_NODE_PORT"] = Text(ports[0]),
        ["RABBITMQ_DIST_PORT"] = Text(ports[1]),
        ["ERL_EPMD_PORT"] = Text(ports[2]),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "rabbitmq-env.conf"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
    };

    private static Process Launch(string folder, int[] ports)
    {
        var process = Commands.Start(Program, [], EnvironmentOf(folder, ports), Path.Combine(folder, "server.log"));
        ServerProcess.Of(process, ports).Save(folder);
        return process;
    }

    private async Task Ready(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { HostName = "127.0.0.1", Port = Port, AutomaticRecoveryEnabled = false };
        var began = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is BrokerUnreachableException or SocketException or IOException or OperationInterruptedException)
            {
                if (process.HasExited || began.Elapsed > StartLimit)
                    throw new LocalServerException($"RabbitMQ did not start; see {Path.Combine(folder, "server.log")} and {Path.Combine(folder, "log")}.", exception);
                await Task.Delay(250, cancellationToken);
            }
        }
    }

    private async Task StopPortMapper(CancellationToken cancellationToken)
    {
        try
        {
            await Commands.Run("epmd", ["-kill"], EnvironmentOf(folder, ports), cancellationToken);
        }
        catch (LocalServerException)
        {
            // It has ended already, or waits for the node to be forgotten; it holds no data.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
