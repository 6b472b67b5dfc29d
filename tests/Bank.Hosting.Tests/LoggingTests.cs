using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Bank.Hosting.Tests;

/// <summary>What is said of logs in docs/operators.md.</summary>
public sealed class LoggingTests
{
    [Fact]
    public void Lines_are_single_and_in_utc_unless_something_else_is_chosen()
    {
        using var host = Build();
        Assert.Null(Chosen<ConsoleLoggerOptions>(host).FormatterName);
        var format = Chosen<SimpleConsoleFormatterOptions>(host);
        Assert.Equal((true, true, false), (format.SingleLine, format.UseUtcTimestamp, format.IncludeScopes));
    }

    [Fact]
    public void The_configuration_chooses_json_and_scopes()
    {
        using var host = Build(("Logging:Console:FormatterName", "json"), ("Logging:Console:FormatterOptions:IncludeScopes", "true"));
        Assert.Equal(ConsoleFormatterNames.Json, Chosen<ConsoleLoggerOptions>(host).FormatterName);
        Assert.True(Chosen<JsonConsoleFormatterOptions>(host).IncludeScopes);
        Assert.True(Chosen<SimpleConsoleFormatterOptions>(host).IncludeScopes);
    }

    private static TOptions Chosen<TOptions>(IHost host) => host.Services.GetRequiredService<IOptionsMonitor<TOptions>>().CurrentValue;

    private static IHost Build(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)));
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.AddBankTelemetry("Bank.Test");
        return builder.Build();
    }
}
