using System.CommandLine;
using System.Diagnostics;
using Bank.CommandLine.Verbs;

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
    [InlineData("rebuild")]
    [InlineData("archive")]
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
    [InlineData("account alice --url nowhere")]
    [InlineData("account alice --as-of 03/04/2026 --url http://127.0.0.1:1")]
    [InlineData("account alice --chart --as-of 2026-03-04 --url http://127.0.0.1:1")]
    [InlineData("account alice --from 2026-03-04 --url http://127.0.0.1:1")]
    [InlineData("account alice --known-at 2026-03-04 --url http://127.0.0.1:1")]
    [InlineData("pay no-such-file.xml --url http://127.0.0.1:1")]
    [InlineData("archive --before 2020-01-01")]
    [InlineData("archive Bank.Channels --before 2020-01-01")]
    [InlineData("archive Bank.Accounts --all --before 2020-01-01")]
    [InlineData("archive --all --before 2020-01-01 --older-than 7")]
    [InlineData("archive --all --before 9999-01-01")]
    [InlineData("archive --all --older-than -1")]
    [InlineData("archive --all")]
    public async Task A_command_line_that_cannot_be_understood_ends_with_2(string arguments) =>
        Assert.Equal(ExitCode.Malformed, (await Run(arguments.Split(' '))).ExitCode);

    [Theory]
    [InlineData("status")]
    [InlineData("verify")]
    [InlineData("rebuild balances")]
    [InlineData("archive --all --older-than 730")]
    [InlineData("account alice")]
    [InlineData("account alice --url http://127.0.0.1:1")]
    [InlineData("transfer 0b5b4a9c-7ef6-4f4f-9f0d-6c1f1a1d9d11 --steps --url http://127.0.0.1:1")]
    [InlineData("account alice --chart --url http://127.0.0.1:1")]
    [InlineData("up --detach --database postgresql --postgresql Host=127.0.0.1;Port=1;Timeout=2")]
    [InlineData("demo --transport rabbitmq --rabbitmq host=127.0.0.1;port=1")]
    public async Task A_bank_that_does_not_run_ends_with_3_and_says_so(string arguments)
    {
        var (exitCode, _, error) = await Run([.. arguments.Split(' '), "--data", Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))]);
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.NotEmpty(error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task What_was_noted_of_a_bank_and_cannot_be_read_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("bank-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "run.json"), "{");
        var (exitCode, _, error) = await Run("status", "--data", folder);
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("run.json cannot be read", error);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("2026-03-31T12:00:00", 12)]
    [InlineData("2026-03-31T12:00:00Z", 12)]
    [InlineData("2026-03-31T12:00+02:00", 10)]
    [InlineData("2026-03-31", 0)]
    public void An_instant_without_offset_is_UTC_wherever_the_program_runs(string text, int hour)
    {
        Assert.NotEqual(TimeSpan.Zero, TimeZoneInfo.Local.BaseUtcOffset);
        var option = CommonOptions.Instant("--at", "When.");
        var instant = new RootCommand { option }.Parse(["--at", text]).GetValue(option)!.Value;
        Assert.Equal((31, hour), (instant.UtcDateTime.Day, instant.UtcDateTime.Hour));
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
