using System.Text;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>The small things around the stores.</summary>
public sealed class ExtensionTests
{
    private static readonly DateTime s_now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public async Task Messages_are_read_as_objects_with_properties_or_fields_in_any_case()
    {
        var message = new StreamMessage("a", Guid.NewGuid(), 0, 0, s_now, "t", """{"who":"me"}""", """{"amount":12,"note":"ß"}""");
        Assert.Equal(new Booked(12, "ß"), await message.GetJsonDataAs<Booked>());
        Assert.Equal("me", message.JsonMetadataAs<Origin>()!.Who);
    }

    [Fact]
    public async Task What_is_not_there_is_the_default()
    {
        var message = new StreamMessage("a", Guid.NewGuid(), 0, 0, s_now, "t", "", _ => Task.FromResult<string?>(null));
        Assert.Null(await message.GetJsonDataAs<Booked>());
        Assert.Equal(0, await message.GetJsonDataAs<int>());
        Assert.Null(message.JsonMetadataAs<Origin>());
    }

    [Fact]
    public async Task The_short_calls_read_with_data()
    {
        IStreamStore store = new InMemoryStreamStore(() => s_now, "tests");
        await store.AppendToStream("a", ExpectedVersion.NoStream, new NewStreamMessage(Guid.NewGuid(), "t", "{}"));
        Assert.Single((await store.ReadAllForwards(0, 1, CancellationToken.None)).Messages);
        Assert.Single((await store.ReadAllBackwards(Position.End, 1, CancellationToken.None)).Messages);
        Assert.Single((await store.ReadStreamForwards("a", 0, 1, CancellationToken.None)).Messages);
        Assert.Single((await store.ReadStreamBackwards("a", StreamVersion.End, 1, CancellationToken.None)).Messages);
    }

    [Fact]
    public void An_id_follows_from_message_version_and_stream()
    {
        var generator = new DeterministicGuidGenerator(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
        byte[] source = [.. Encoding.UTF8.GetBytes("mß"), 4, 3, 2, 1, .. Encoding.UTF8.GetBytes("str")];
        Assert.Equal(generator.Create(source), generator.Create("str", 0x01020304, "mß"));
        Assert.NotEqual(generator.Create("str", 1, "m"), generator.Create("str", 2, "m"));
    }

    [Fact]
    public void Notes_of_deletions_have_ids_of_their_own()
    {
        var (first, second) = (Deleted.CreateStreamDeletedMessage("a\"b"), Deleted.CreateStreamDeletedMessage("a\"b"));
        Assert.NotEqual(first.MessageId, second.MessageId);
        Assert.Equal("""{"StreamId":"a\"b"}""", first.JsonData);
    }

    [Fact]
    public void Units_are_all_the_same()
    {
        Assert.True(Unit.Default == new Unit() && !(Unit.Default != new Unit()) && Unit.Default.Equals((object)new Unit()));
        Assert.Equal(DateTimeKind.Utc, SystemClock.GetUtcNow().Kind);
    }

    [Fact]
    public void A_schema_check_compares_both_versions()
    {
        Assert.True(new CheckSchemaResult(1, 1).IsMatch);
        Assert.False(new CheckSchemaResult(0, 1).IsMatch);
        Assert.True(new CheckSchemaResult(0, 1) == new CheckSchemaResult(0, 1) && new CheckSchemaResult(0, 1) != new CheckSchemaResult(1, 1));
    }

    [Fact]
    public void Settings_have_the_usual_defaults()
    {
        var settings = new PostgresStreamStoreSettings("Host=x");
        Assert.Equal(("public", "PostgresStreamStore", true, false, false), (settings.Schema, settings.LogName, settings.ScavengeAsynchronously, settings.DisableDeletionTracking, settings.ExplainAnalyze));
        Assert.Same(SystemClock.GetUtcNow, settings.GetUtcNow);
        settings.GetUtcNow = null;
        Assert.Same(SystemClock.GetUtcNow, settings.GetUtcNow);
        Assert.Throws<ArgumentNullException>(() => settings.ConnectionFactory = null!);
        using var connection = settings.ConnectionFactory("Host=y");
        Assert.Equal("Host=y", connection.ConnectionString);
    }

    [Fact]
    public void Settings_for_SQL_Server_have_the_usual_defaults()
    {
        var settings = new MsSqlStreamStoreV3Settings("Server=x");
        Assert.Equal(("dbo", "MsSqlStreamStore", false, 30), (settings.Schema, settings.LogName, settings.DisableDeletionTracking, settings.CommandTimeout));
        Assert.Null(settings.GetUtcNow);
        settings.LogName = "mine";
        Assert.Equal("mine", settings.LogName);
        settings.CommandTimeout = 0;
        Assert.Throws<ArgumentOutOfRangeException>(() => settings.CommandTimeout = -1);
        Assert.Throws<ArgumentNullException>(() => settings.ConnectionFactory = null!);
        Assert.Throws<ArgumentException>(() => settings.Schema = "a b");
        Assert.Throws<ArgumentException>(() => new PostgresStreamStoreSettings("Host=x") { Schema = "a;b" });
    }

    [Fact]
    public void A_stream_id_is_a_text_without_spaces_and_is_compared_ordinally()
    {
        foreach (var wrong in (string?[])[null, "", " ", "\t", "a b", " a"]) Assert.ThrowsAny<ArgumentException>(() => new StreamId(wrong!));
        StreamId id = "stream-1";
        string? text = id;
        Assert.Equal(("stream-1", "stream-1", "stream-1"), (text, id.Value, id.ToString()));
        Assert.Null((string?)(StreamId?)null);
        Assert.True(id == new StreamId("stream-1") && id.Equals((object)new StreamId("stream-1")) && id.GetHashCode() == new StreamId("stream-1").GetHashCode());
        Assert.True(id != new StreamId("Stream-1") && id != null && !id.Equals(null));
    }

    [Fact]
    public void A_new_message_has_an_id_a_type_and_data()
    {
        Assert.Equal("", new NewStreamMessage(Guid.NewGuid(), "t", "{}").JsonMetadata);
        Assert.Throws<ArgumentException>(() => new NewStreamMessage(Guid.Empty, "t", "{}"));
        foreach (var missing in (string?[])[null, ""])
        {
            Assert.ThrowsAny<ArgumentException>(() => new NewStreamMessage(Guid.NewGuid(), missing!, "{}"));
            Assert.ThrowsAny<ArgumentException>(() => new NewStreamMessage(Guid.NewGuid(), "t", missing!));
        }
    }

    [Fact]
    public void A_stored_message_says_what_it_is()
    {
        var id = Guid.NewGuid();
        Assert.Equal($"MessageId={id} StreamId=a StreamVersion=3 Position=9 Type=t", new StreamMessage("a", id, 3, 9, s_now, "t", "", "{}").ToString());
    }

    private sealed record Booked(int Amount, string Note);

    private sealed class Origin
    {
        public string? Who = null;
    }
}
