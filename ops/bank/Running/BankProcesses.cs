using System.Diagnostics;
using Bank.LocalServers;

namespace Bank.CommandLine.Running;

/// <summary>Starts the endpoints as processes, watches them, stops them.</summary>
internal sealed class BankProcesses(BankPlan plan)
{
    private const int SignalTerminate = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly Dictionary<string, RunningEndpoint> processes = RunState.Read(plan.DataDirectory)?.Processes ?? [];

    // A log is continued by every start; what an earlier process wrote explains nothing.
    private readonly Dictionary<string, long> logBegins = [];

    public BankPlan Plan { get; } = plan;

    public static string LogOf(BankPlan plan, string endpoint) => Path.Combine(plan.DataDirectory, "logs", endpoint + ".log");

    /// <summary>Starts whatever does not run yet.</summary>
    /// <param name="except">An endpoint that is to join later.</param>
    public void StartAll(string? except = null)
    {
        foreach (var endpoint in BankPlan.Endpoints.Where(endpoint => endpoint != except)) Start(endpoint);
    }

    public void Start(string endpoint)
    {
        if (Find(endpoint) is not null) return;
        Directory.CreateDirectory(Path.Combine(Plan.DataDirectory, "logs"));
        var log = new FileInfo(LogOf(Plan, endpoint));
        logBegins[endpoint] = log.Exists ? log.Length : 0;
        var process = Commands.Start("dotnet", [EndpointFiles.Find(endpoint)], Plan.EnvironmentOf(endpoint), log.FullName);
        processes[endpoint] = new RunningEndpoint(process.Id, process.StartTime.ToUniversalTime());
        new RunState(Plan, processes).Save();
    }

    /// <summary>Waits until every endpoint says that it is ready.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="except">An endpoint that is to join later.</param>
    /// <exception cref="VerbException">One ended, or did not become ready in time.</exception>
    public async Task Ready(CancellationToken cancellationToken, string? except = null)
    {
        var began = Stopwatch.StartNew();
        foreach (var endpoint in BankPlan.Endpoints.Where(endpoint => endpoint != except))
        {
            while (await HealthOf(endpoint, cancellationToken) != "Healthy")
            {
                if (Find(endpoint) is null) throw new VerbException(ExitCode.Unavailable, $"{endpoint} ended while starting: {LastWords.In(LogOf(Plan, endpoint), logBegins.GetValueOrDefault(endpoint))}");
                if (began.Elapsed > StartLimit) throw new VerbException(ExitCode.Unavailable, $"{endpoint} is not ready after {StartLimit}; see {LogOf(Plan, endpoint)}.");
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    /// <summary><c>Healthy</c>, <c>Unhealthy</c>, <c>Starting</c> or <c>Stopped</c>.</summary>
    public async Task<string> HealthOf(string endpoint, CancellationToken cancellationToken)
    {
        if (Find(endpoint) is null) return "Stopped";
        try
        {
            using var response = await Http.GetAsync(Plan.Urls[endpoint] + "/health/ready", cancellationToken);
            return response.IsSuccessStatusCode ? "Healthy" : "Unhealthy";
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return "Starting";
        }
    }

    public Process? Find(string endpoint) =>
        processes.TryGetValue(endpoint, out var known) ? new ServerProcess(known.ProcessId, known.StartedUtc, []).Find() : null;

    /// <summary>Ends an endpoint at once, as in a crash.</summary>
    public async Task Crash(string endpoint)
    {
        if (Find(endpoint) is not { } process) return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <summary>Lets every endpoint finish what it handles, then ends it.</summary>
    public async Task Stop()
    {
        var running = BankPlan.Endpoints.Select(Find).OfType<Process>().ToArray();
        foreach (var process in running) Commands.Signal(process, SignalTerminate);
        foreach (var process in running)
        {
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        processes.Clear();
        new RunState(Plan, processes).Save();
    }
}
