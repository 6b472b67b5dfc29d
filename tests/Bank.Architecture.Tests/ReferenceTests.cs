using System.Reflection;

namespace Bank.Architecture.Tests;

/// <summary>Who may reference whom. Read from the compiled assemblies, so that nothing unused is blamed and nothing used is missed.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Endpoints => [.. Assemblies.EndpointNames];

    public static TheoryData<string> Platform => [.. Assemblies.Platform.Select(assembly => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void An_endpoint_references_no_other_endpoint(string name)
    {
        var others = Assemblies.EndpointNames.Except([name]);
        Assert.Empty(ReferencesOf(Assembly.Load(name)).Intersect(others));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void An_endpoint_shares_only_the_contracts_and_the_platform(string name)
    {
        var allowed = Assemblies.PlatformNames.Append("Bank.Contracts");
        var ours = ReferencesOf(Assembly.Load(name)).Where(reference => reference.StartsWith("Bank.", StringComparison.Ordinal));
        Assert.Empty(ours.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Platform))]
    public void The_platform_knows_nothing_of_banking(string name)
    {
        var banking = Assemblies.EndpointNames.Append("Bank.Contracts");
        Assert.Empty(ReferencesOf(Assembly.Load(name)).Intersect(banking));
    }

    [Fact]
    public void The_contracts_depend_on_nothing()
    {
        Assert.All(ReferencesOf(Assemblies.Contracts), reference => Assert.StartsWith("System", reference));
    }

    private static string[] ReferencesOf(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)];
}
