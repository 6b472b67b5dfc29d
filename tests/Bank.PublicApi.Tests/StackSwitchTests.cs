using System.Diagnostics;
using System.Text.Json;

namespace Bank.PublicApi.Tests;

/// <summary>One property swaps the platform libraries for the packages they stand for; no endpoint has a line that knows.</summary>
public sealed class StackSwitchTests
{
    private static string Root => SourceTree.Root;

    public static TheoryData<string> Endpoints => [.. Directory.GetDirectories(Path.Combine(Root, "endpoints")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task With_the_packages_an_endpoint_refers_to_them_and_to_nothing_they_stand_for(string endpoint)
    {
        var project = Path.Combine(Root, "endpoints", endpoint, endpoint + ".csproj");
        var items = await Items(project, "NServiceBus");
        Assert.All(["NServiceBus", "NServiceBus.RabbitMQ", "NServiceBus.Persistence.Sql"], package => Assert.Contains(package, items["PackageReference"]));
        Assert.DoesNotContain(items["ProjectReference"], reference => Path.GetFileName(reference).StartsWith("Bank.ServiceBus", StringComparison.Ordinal));
        Assert.Contains("NServiceBus", items["Using"]);
        Assert.DoesNotContain(items["Using"], name => name.StartsWith("Bank.ServiceBus", StringComparison.Ordinal));

        var standard = await Items(project, "Platform");
        Assert.DoesNotContain(standard["PackageReference"], package => package.StartsWith("NServiceBus", StringComparison.Ordinal));
        Assert.Contains(standard["ProjectReference"], reference => Path.GetFileName(reference) == "Bank.ServiceBus.csproj");
    }

    [Fact]
    public void No_line_of_an_endpoint_names_a_stack_or_compiles_on_condition()
    {
        var sources = Directory.GetFiles(Path.Combine(Root, "endpoints"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")).ToArray();
        Assert.NotEmpty(sources);
        Assert.All(sources, file =>
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("Bank.ServiceBus", text, StringComparison.Ordinal);
            Assert.DoesNotContain("#if", text, StringComparison.Ordinal);
        });
    }

    private static async Task<Dictionary<string, string[]>> Items(string project, string stack)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", project, "-nologo", "-getItem:PackageReference,ProjectReference,Using", "-p:BankStack=" + stack])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the test run itself was started with must not reach the evaluation.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return JsonDocument.Parse(output).RootElement.GetProperty("Items").EnumerateObject()
            .ToDictionary(kind => kind.Name, kind => kind.Value.EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!).ToArray());
    }
}
