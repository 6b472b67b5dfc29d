using System.Diagnostics;
using Npgsql;

namespace Bank.LocalServers;

/// <summary>A private PostgreSQL on a loopback port, with its own data folder; from installed binaries.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>How to get what is missing.</summary>
    public const string HowToInstall = "PostgreSQL is not installed: apt-get install -y --no-install-recommends postgresql";

    private const int SignalInterrupt = 2;
    private const int SignalQuit = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private readonly string binaries;
    private Process process;

    private PostgresServer(string folder, string binaries, int port, Process process)
    {
        this.folder = folder;
        this.binaries = binaries;
        this.process = process;
        Port = port;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>As superuser, to the database <c>postgres</c>.</summary>
    public string ConnectionString => ConnectionTo(Port, "postgres");

    /// <summary>Finds the folder of the installed programs.</summary>
    public static string? FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian).OrderByDescending(path => path, StringComparer.Ordinal) : Enumerable.Empty<string>();
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return versions.Select(version => Path.Combine(version, "bin")).Concat(onPath)
            .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")) && File.Exists(Path.Combine(path, "postgres")));
    }

    /// <summary>Starts a server; makes its data folder when there is none.</summary>
    /// <param name="folder">Where it keeps everything; on the same folder it continues with the same data and port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LocalServerException">It could not be started.</exception>
    public static async Task<PostgresServer> StartAsync(string folder, CancellationToken cancellationToken = default)
    {
        var binaries = FindBinaries() ?? throw new LocalServerException(HowToInstall);
        folder = Path.GetFullPath(folder);
        if (Attach(folder) is { } running) return running;
        Directory.CreateDirectory(folder);
        var data = Path.Combine(folder, "data");
        using var reserved = new ReservedPorts();
        var port = ServerProcess.Read(folder)?.Ports[0] ?? reserved.Take(1)[0];
        if (Commands.IsRoot) await HandOver(folder, cancellationToken);
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            var (initdb, arguments) = AsUser(
                Path.Combine(binaries, "initdb"), ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions"]);
            await Commands.Run(initdb, arguments, NoEnvironment, cancellationToken);
        }

        var server = new PostgresServer(folder, binaries, port, Launch(folder, binaries, port));
        await server.Ready(cancellationToken);
        return server;
    }

    /// <summary>The server of a folder, if it runs.</summary>
    public static PostgresServer? Attach(string folder)
    {
        folder = Path.GetFullPath(folder);
        return ServerProcess.Read(folder) is { } saved && saved.Find() is { } process && FindBinaries() is { } binaries
            ? new PostgresServer(folder, binaries, saved.Ports[0], process)
            : null;
    }

    /// <summary>Creates a database when it is missing.</summary>
    /// <returns>How to connect to it.</returns>
    public Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        CreateDatabaseAsync(ConnectionString, name, cancellationToken);

    /// <summary>Creates a database when it is missing, on any server.</summary>
    /// <returns>How to connect to it.</returns>
    public static async Task<string> CreateDatabaseAsync(string connectionString, string name, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var find = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = @name", connection);
        find.Parameters.AddWithValue("name", name);
        if (await find.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        return new NpgsqlConnectionStringBuilder(connectionString) { Database = name }.ToString();
    }

    /// <summary>Ends connections and stops.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => End(SignalInterrupt, cancellationToken);

    /// <summary>Stops without writing anything, as in a crash; it recovers at the next start.</summary>
    public Task CrashAsync(CancellationToken cancellationToken = default) => End(SignalQuit, cancellationToken);

    /// <summary>Starts again on the same port and data.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        process = Launch(folder, binaries, Port);
        await Ready(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    private static IReadOnlyDictionary<string, string> NoEnvironment { get; } = new Dictionary<string, string>();

    private static string ConnectionTo(int port, string database) => $"Host=127.0.0.1;Port={port};Username=postgres;Database={database}";

    // PostgreSQL refuses to run as root.
    private static (string Program, string[] Arguments) AsUser(string program, string[] arguments) => Commands.IsRoot
        ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments])
        : (program, arguments);

    private static async Task HandOver(string folder, CancellationToken cancellationToken)
    {
        await Commands.Run("chown", ["-R", "postgres", folder], NoEnvironment, cancellationToken);
        try
        {
            var (program, arguments) = AsUser("test", ["-w", folder]);
            await Commands.Run(program, arguments, NoEnvironment, cancellationToken);
        }
        catch (LocalServerException exception)
        {
            throw new LocalServerException(
                $"PostgreSQL runs as the user 'postgres', who cannot reach {folder}; choose a folder whose parents everybody may enter, for example with --servers /var/tmp/bank.", exception);
        }
    }

    private static Process Launch(string folder, string binaries, int port)
    {
        var (program, arguments) = AsUser(
            Path.Combine(binaries, "postgres"),
            [
                "-D", Path.Combine(folder, "data"), "-p", port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300", "-c", "shared_buffers=128MB",
            ]);
        var process = Commands.Start(program, arguments, NoEnvironment, Path.Combine(folder, "server.log"));
        ServerProcess.Of(process, port).Save(folder);
        return process;
    }

    private async Task Ready(CancellationToken cancellationToken)
    {
        var began = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5");
                await connection.OpenAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException exception)
            {
                if (process.HasExited || began.Elapsed > StartLimit)
                    throw new LocalServerException($"PostgreSQL did not start; see {Path.Combine(folder, "server.log")}.", exception);
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    private async Task End(int signal, CancellationToken cancellationToken)
    {
        if (process.HasExited) return;
        Commands.Signal(process, signal);
        await process.WaitForExitAsync(cancellationToken);
    }
}
