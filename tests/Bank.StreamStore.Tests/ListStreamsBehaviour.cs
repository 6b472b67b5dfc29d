using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>How streams are listed by their names; the same for every store.</summary>
public abstract class ListStreamsBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private static readonly string[] s_names = ["account-1", "account-2", "Account-3", "account_4", "account%5", @"account\6", "my-account", "100%", "Über-1", "1-Über"];

    public static TheoryData<string, string, string[]> Patterns => new()
    {
        { "starts", "account-", ["account-1", "account-2"] },
        { "starts", "account_", ["account_4"] },
        { "starts", "account%", ["account%5"] },
        { "starts", @"account\", [@"account\6"] },
        { "starts", "Account", ["Account-3"] },
        { "starts", "Ü", ["Über-1"] },
        { "starts", "zzz", [] },
        { "starts", "account-1-and-longer", [] },
        { "ends", "-1", ["account-1", "Über-1"] },
        { "ends", "%", ["100%"] },
        { "ends", "_4", ["account_4"] },
        { "ends", @"\6", [@"account\6"] },
        { "ends", "Über", ["1-Über"] },
        { "ends", "ACCOUNT", [] },
        { "ends", "and-longer-than-any-name", [] },
        { "any", "", s_names },
        { "starts", "", s_names },
    };

    [SkippableTheory]
    [MemberData(nameof(Patterns))]
    public async Task Streams_are_found_by_a_part_of_their_name_in_which_no_character_is_special(string kind, string value, string[] expected)
    {
        foreach (var name in s_names) await Store.AppendToStream(name, ExpectedVersion.NoStream, []);
        var pattern = kind switch { "starts" => Pattern.StartsWith(value), "ends" => Pattern.EndsWith(value), _ => Pattern.Anything() };
        Assert.Equal(value, pattern.Value);
        Assert.Equal(expected, (await Store.ListStreams(pattern)).StreamIds);
        var listed = new List<string>();
        for (var page = await Store.ListStreams(pattern, maxCount: 1); page.StreamIds.Length > 0; page = await page.Next()) listed.Add(Assert.Single(page.StreamIds));
        Assert.Equal(expected, listed);
    }

    [SkippableFact]
    public async Task A_list_goes_on_where_it_was_though_streams_were_deleted_meanwhile()
    {
        foreach (var name in (string[])["a", "b", "c", "d"]) await Store.AppendToStream(name, ExpectedVersion.NoStream, []);
        var page = await Store.ListStreams(2);
        await Store.DeleteStream("a");
        await Store.DeleteStream("b");
        Assert.Equal(["c", "d"], (await page.Next()).StreamIds);
        Assert.Equal(["c", "d"], (await Store.ListStreams(2)).StreamIds);
    }

    [SkippableFact]
    public async Task An_empty_page_has_the_token_that_was_given_and_what_is_no_token_means_the_beginning()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, []);
        var page = await Store.ListStreams();
        var empty = await page.Next();
        Assert.Empty(empty.StreamIds);
        Assert.Equal(page.ContinuationToken, empty.ContinuationToken);
        Assert.Equal(["a"], (await Store.ListStreams(10, "no number")).StreamIds);
    }

    [SkippableFact]
    public async Task What_a_list_may_not_ask_is_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ListStreams(Pattern.Anything(), 0));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ListStreams((Pattern)null!));
        Assert.ThrowsAny<ArgumentException>(() => Pattern.StartsWith(null!));
        Assert.ThrowsAny<ArgumentException>(() => Pattern.EndsWith(null!));
        Assert.Equal("pattern", Pattern.Unrecognized("pattern").ParamName);
    }
}
