using System.CommandLine;
using Bank.LocalServers;

namespace Bank.CommandLine.Verbs;

/// <summary>Private servers on loopback, from installed binaries.</summary>
internal static class ServersVerb
{
    public static Command Make()
    {
        var servers = new Command("servers", "Private RabbitMQ and PostgreSQL instances on loopback, from installed binaries.");
        Symbol[] symbols = [CommonOptions.Servers, CommonOptions.Json];
        servers.Subcommands.Add(Verb.Make("up", "Starts them and leaves them running.", symbols, Up));
        servers.Subcommands.Add(Verb.Make("down", "Stops them. Their data stays.", symbols, Down));
        servers.Subcommands.Add(Verb.Make("status", "Tells whether they run and how to reach them. Exit code 1 when one does not run.", symbols, Status));
        return servers;
    }

    private static string PostgresFolder(ParseResult parse) => Path.Combine(parse.GetValue(CommonOptions.Servers)!, "postgresql");

    private static string RabbitFolder(ParseResult parse) => Path.Combine(parse.GetValue(CommonOptions.Servers)!, "rabbitmq");

    private static async Task<int> Up(ParseResult parse, CancellationToken cancellationToken)
    {
        string?[] missing = [PostgresServer.FindBinaries() is null ? PostgresServer.HowToInstall : null, RabbitMqServer.IsInstalled ? null : RabbitMqServer.HowToInstall];
        if (missing.OfType<string>().ToArray() is { Length: > 0 } problems) throw new VerbException(ExitCode.Unavailable, string.Join(Environment.NewLine, problems));
        var postgres = PostgresServer.StartAsync(PostgresFolder(parse), cancellationToken);
        var rabbit = RabbitMqServer.StartAsync(RabbitFolder(parse), cancellationToken);
        Print(parse, await rabbit, await postgres);
        return ExitCode.Done;
    }

    private static async Task<int> Down(ParseResult parse, CancellationToken cancellationToken)
    {
        if (RabbitMqServer.Attach(RabbitFolder(parse)) is { } rabbit) await rabbit.StopAsync(cancellationToken);
        if (PostgresServer.Attach(PostgresFolder(parse)) is { } postgres) await postgres.StopAsync(cancellationToken);
        Print(parse, null, null);
        return ExitCode.Done;
    }

    private static Task<int> Status(ParseResult parse, CancellationToken cancellationToken)
    {
        var (rabbit, postgres) = (RabbitMqServer.Attach(RabbitFolder(parse)), PostgresServer.Attach(PostgresFolder(parse)));
        Print(parse, rabbit, postgres);
        return Task.FromResult(rabbit is null || postgres is null ? ExitCode.Refused : ExitCode.Done);
    }

    private static void Print(ParseResult parse, RabbitMqServer? rabbit, PostgresServer? postgres)
    {
        if (parse.GetValue(CommonOptions.Json))
        {
            Verb.PrintJson(new { rabbitmq = rabbit?.ConnectionString, postgresql = postgres?.ConnectionString });
            return;
        }

        Console.WriteLine($"RabbitMQ    {rabbit?.ConnectionString ?? "not running"}");
        Console.WriteLine($"PostgreSQL  {postgres?.ConnectionString ?? "not running"}");
    }
}
