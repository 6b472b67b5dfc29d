using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Bank.Architecture.Tests;

/// <summary>Which way dependencies point inside an endpoint.</summary>
public sealed class LayerTests
{
    private static readonly ArchUnitNET.Domain.Architecture Architecture =
        new ArchLoader().LoadAssemblies([.. Assemblies.Endpoints, .. Assemblies.Platform, Assemblies.Contracts]).Build();

    [Fact]
    public void The_account_domain_knows_neither_bus_nor_store_nor_clock()
    {
        var domain = Types().That().ResideInNamespace("Bank.Accounts.Accounts");
        domain.Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Bank\.(ServiceBus|StreamStore|Hub(?!\.Upcasting)|Hosting)").Check(Architecture);
        domain.Should().NotDependOnAny(typeof(TimeProvider)).Check(Architecture);
    }

    [Fact]
    public void The_store_knows_nothing_of_the_bus() =>
        Types().That().ResideInNamespaceMatching(@"^Bank\.StreamStore")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Bank\.(ServiceBus|Hub|Hosting)")
            .Check(Architecture);

    [Fact]
    public void The_bus_knows_nothing_of_the_store() =>
        Types().That().ResideInNamespaceMatching(@"^Bank\.ServiceBus")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Bank\.(StreamStore|Hub|Hosting)")
            .Check(Architecture);
}
