using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;
using System.Text.Json;
using Bank.StreamStore.Archiving;
using RabbitMQ.Client.Exceptions;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Makes verbs that end with a message and an exit code instead of a stack trace.</summary>
internal static class Verb
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Make(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else if (symbol is Option option) command.Options.Add(option);
        }

        command.SetAction(async (parse, cancellationToken) =>
        {
            try
            {
                return await run(parse, cancellationToken);
            }
            catch (VerbException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return exception.ExitCode;
            }
            catch (ArchiveDamagedException exception)
            {
                await Console.Error.WriteLineAsync($"broken: {exception.Message}");
                return ExitCode.Refused;
            }
            catch (Exception exception) when (exception is LocalServers.LocalServerException or DbException or SocketException or BrokerUnreachableException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return ExitCode.Unavailable;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return ExitCode.Malformed;
            }
        });
        return command;
    }

    /// <summary>A console that writes nowhere.</summary>
    public static IAnsiConsole Silent() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });

    public static void PrintJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Indented));

    public static string Money(JsonElement money) =>
        money.ValueKind == JsonValueKind.Object ? $"{money.GetProperty("amount").GetString()} {money.GetProperty("currency").GetString()}" : "";

    public static string Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? Markup.Escape(value.ToString()) : "";

    public static Table Table(string title, params string[] columns)
    {
        var table = new Table().RoundedBorder().Title($"[bold]{Markup.Escape(title)}[/]");
        foreach (var column in columns)
        {
            table.AddColumn(column.TrimStart('>'), settings =>
            {
                settings.Alignment = column.StartsWith('>') ? Justify.Right : Justify.Left;
                // Numbers and times are read at a glance only when they stay on one line.
                settings.NoWrap = column.StartsWith('>') || column == "When";
            });
        }

        return table;
    }
}
