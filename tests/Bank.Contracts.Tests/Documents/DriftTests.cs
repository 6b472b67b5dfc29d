using Bank.Tests;

namespace Bank.Contracts.Documents;

public sealed class DriftTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bank-documents-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_checked_in_says_what_the_code_says()
    {
        var differences = Current().DifferencesFrom(Path.Combine(SourceTree.Root, "contracts"));
        Assert.True(
            differences.Count == 0,
            "Build ops/Bank.Contracts.Documents outside CI, read the diff of contracts/ and commit it:\n" + string.Join('\n', differences));
    }

    [Fact]
    public void A_message_that_is_added_or_removed_is_noticed()
    {
        ContractDocuments.Generate([.. ContractMessages.All.Skip(1)]).Write(folder);
        var added = ContractMessages.All[0].Name;
        Assert.Equal([$"schemas/{added}.json: is missing", "asyncapi.json: does not say what the code says"], Current().DifferencesFrom(folder));
        Current().Write(folder);
        Assert.Equal(
            ["asyncapi.json: does not say what the code says", $"schemas/{added}.json: is about no message"],
            ContractDocuments.Generate([.. ContractMessages.All.Skip(1)]).DifferencesFrom(folder));
    }

    [Fact]
    public void An_edit_by_hand_is_noticed_and_undone_by_writing_anew()
    {
        Current().Write(folder);
        var schema = Path.Combine(folder, "schemas", "Deposit.json");
        File.AppendAllText(schema, "\n");
        Assert.Equal(["schemas/Deposit.json: does not say what the code says"], Current().DifferencesFrom(folder));
        Current().Write(folder);
        Assert.Empty(Current().DifferencesFrom(folder));
    }

    [Fact]
    public void A_file_that_is_right_already_is_not_touched()
    {
        Current().Write(folder);
        var longAgo = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, longAgo);
        Assert.Empty(Current().Write(folder));
        Assert.All(Directory.GetFiles(folder, "*", SearchOption.AllDirectories), file => Assert.Equal(longAgo, File.GetLastWriteTimeUtc(file)));
    }

    private static ContractDocuments Current() => ContractDocuments.Generate(ContractMessages.All);
}
