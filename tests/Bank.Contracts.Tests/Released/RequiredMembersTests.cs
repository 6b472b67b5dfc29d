using System.IO.Compression;
using System.Reflection;
using System.Runtime.Loader;
using Bank.Tests;

namespace Bank.Contracts.Tests.Released;

public sealed class RequiredMembersTests
{
    [Fact]
    public void Messages_require_the_members_that_they_required_when_they_were_released()
    {
        var released = Load(Directory.GetFiles(Path.Combine(SourceTree.Root, "contracts", "baseline"), "*.nupkg").Single());
        Assert.NotSame(typeof(Money).Assembly, released);
        Assert.Contains(released.GetExportedTypes(), type => type.Name == "MoneyDeposited");

        Assert.Empty(RequiredMembers.Changed(released.GetExportedTypes(), typeof(Money).Assembly.GetExportedTypes()));
    }

    [Fact]
    public void A_member_that_becomes_required_or_ceases_to_be_is_named() =>
        Assert.Equal(
            ["Paid.Amount is no longer required", "Paid.Fee became required", "Paid.Tip became required"],
            RequiredMembers.Changed([typeof(Before.Paid)], [typeof(Now.Paid), typeof(Now.Refunded)]));

    // From memory: the assembly of the same name that is loaded already must not take its place.
    private static Assembly Load(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        using var entry = zip.GetEntry("lib/net10.0/Bank.Contracts.dll")!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        bytes.Position = 0;
        return new AssemblyLoadContext("released").LoadFromStream(bytes);
    }

    private static class Before
    {
        public sealed record Paid
        {
            public required long Amount { get; init; }

            public string? Fee { get; init; }
        }
    }

    private static class Now
    {
        public sealed record Paid
        {
            public long? Amount { get; init; }

            public required string Fee { get; init; }

            public required string Tip { get; init; }

            public string? Note { get; init; }
        }

        public sealed record Refunded
        {
            public required string Note { get; init; }
        }
    }
}
