using System.Diagnostics;

namespace Bank.CommandLine.Tests;

/// <summary>The program as a person or script runs it.</summary>
public sealed class CommandLineTests
{
    private static readonly string Program = typeof(ExitCode).Assembly.Location;

    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("status")]
    [InlineData("demo")]
    [InlineData("send")]
    [InlineData("pay")]
    [InlineData("account")]
    [InlineData("statement")]
    [InlineData("transfer")]
    [InlineData("history")]
    [InlineData("verify")]
    [InlineData("servers")]
    public async Task Every_verb_explains_itself(string verb)
    {
        var (exitCode, output, _) = await Run(verb, "--help");
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("Usage:", output);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("up --transport pigeon")]
    [InlineData("transfer not-a-guid")]
    public async Task A_command_line_that_cannot_be_understood_ends_with_2(string arguments) =>
        Assert.Equal(ExitCode.Malformed, (await Run(arguments.Split(' '))).ExitCode);

    [Theory]
    [InlineData("status")]
    [InlineData("verify")]
    [InlineData("account alice")]
    [InlineData("account alice --url http://127.0.0.1:1")]
    public async Task A_bank_that_does_not_run_ends_with_3_and_says_so(string arguments)
    {
        var (exitCode, _, error) = await Run([.. arguments.Split(' '), "--data", Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))]);
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.NotEmpty(error);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
