namespace Bank.Contracts.Tests.Released;

/// <summary>Whoever builds on the last released package can take the next one as it is.</summary>
public sealed class PackageValidationTests
{
    private const string Money = "public required Money Amount { get; init; }";

    [Fact]
    public async Task The_contracts_keep_what_was_released_and_may_grow_by_optional_members_and_new_messages()
    {
        var (packed, output) = await PackageCopy.Pack(
            ("Accounts/MoneyDeposited.cs", Money, Money + "\n    /// <summary>New.</summary>\n    public string? AddedNextYear { get; init; }"),
            ("Accounts/DepositNoticed.cs", null, "namespace Bank.Contracts.Accounts;\n/// <summary>New.</summary>\npublic sealed record DepositNoticed { /// <summary>New.</summary>\n public required string Text { get; init; } }\n"));

        Assert.True(packed, output);
    }

    [Fact]
    public async Task No_package_is_made_that_lacks_or_retypes_what_was_released()
    {
        var (packed, output) = await PackageCopy.Pack(
            ("Accounts/MoneyDeposited.cs", Money, ""),
            ("Accounts/MoneyWithdrawn.cs", Money, "public required long Amount { get; init; }"),
            ("Accounts/ReleaseReason.cs", "Expired", "TimedOut"),
            ("Accounts/CreditRejected.cs", "record CreditRejected", "record CreditRefused"),
            ("Insights/SuspiciousActivityDetected.cs", ": IInsightEvent", ""));

        Assert.False(packed, output);
        string[] gone =
        [
            "CP0001: Type 'Bank.Contracts.Accounts.CreditRejected'",
            "CP0002: Member 'Bank.Contracts.Money Bank.Contracts.Accounts.MoneyDeposited.Amount.get'",
            "CP0002: Member 'Bank.Contracts.Money Bank.Contracts.Accounts.MoneyWithdrawn.Amount.get'",
            "CP0002: Member 'string Bank.Contracts.Accounts.ReleaseReason.Expired'",
            "CP0008: Type 'Bank.Contracts.Insights.SuspiciousActivityDetected' does not implement interface 'Bank.Contracts.IInsightEvent'",
        ];
        foreach (var (what, framework) in gone.SelectMany(what => new[] { (what, "netstandard2.0"), (what, "net10.0") }))
            Assert.True(output.Split('\n').Any(line => line.Contains(what, StringComparison.Ordinal) && line.Contains($"lib/{framework}/", StringComparison.Ordinal)), $"{framework} {what}\n{output}");
    }
}
