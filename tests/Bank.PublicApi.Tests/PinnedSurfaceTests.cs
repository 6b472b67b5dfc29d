using System.Reflection;
using PublicApiGenerator;

namespace Bank.PublicApi.Tests;

/// <summary>The public surface of each platform library, pinned to a text file: a change of it is seen in the change itself.</summary>
public sealed class PinnedSurfaceTests
{
    private const string Accept = "BANK_ACCEPT_PUBLIC_API";

    public static TheoryData<string> Libraries => ["Bank.ServiceBus", "Bank.ServiceBus.RabbitMQ", "Bank.ServiceBus.Persistence.Sql", "Bank.ServiceBus.Testing", "Bank.ServiceBus.ServicePlatform", "Bank.StreamStore"];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_surface_is_the_one_that_was_agreed_on(string library)
    {
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        var actual = Assembly.Load(library).GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var file = Path.Combine(SourceTree.Root, "tests", "Bank.PublicApi.Tests", "Approved", library + ".txt");
        if (Environment.GetEnvironmentVariable(Accept) == "1") File.WriteAllText(file, actual);
        var agreed = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        var (old, now) = (agreed.Split('\n'), actual.Split('\n'));
        Assert.True(
            agreed == actual,
            $"The public surface of {library} has changed. If it should, run the tests with {Accept}=1 and commit the file.{Environment.NewLine}"
            + string.Join(Environment.NewLine, old.Except(now).Select(line => "- " + line).Concat(now.Except(old).Select(line => "+ " + line))));
    }
}
