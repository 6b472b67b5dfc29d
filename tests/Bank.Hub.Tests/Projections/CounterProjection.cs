using Bank.Hub.Projections;

namespace Bank.Hub.Tests.Projections;

/// <summary>An event of these tests: the counter of a name was set.</summary>
public sealed record Counted(string Name, long Version, long Value);

/// <summary>The values of counters, and all that they ever were. From version 2 on it keeps them doubled, as a changed rule does.</summary>
internal sealed class CounterProjection(int version) : IProjection, IProject<Counted>
{
    public const string Source = "Bank.Counters";
    public const string ProjectionName = "counters";

    private readonly ProjectionTable<Counted> counters = new ProjectionTable<Counted>("counter")
        .Text("name", 50, counted => counted.Name).Number("version", counted => counted.Version).Number("value", counted => counted.Value).Key("name").NewestBy("version");

    private readonly ProjectionTable<Counted> steps = new ProjectionTable<Counted>("step")
        .Text("name", 50, counted => counted.Name).Number("version", counted => counted.Version).Number("value", counted => counted.Value).Key("name", "version").WrittenOnce();

    public string Name => ProjectionName;

    public int Version => version;

    public IReadOnlyList<ProjectionTable> Tables => [counters, steps];

    /// <summary>A program that keeps them, and others.</summary>
    public static ProjectionCatalog Catalog(int version, params IProjection[] others) => new(
        [new EventFeed<Counted>(Source) { OccurredAt = _ => DateTimeOffset.UnixEpoch, Subject = counted => new SubjectVersion(counted.Name, counted.Version) }],
        [new CounterProjection(version), .. others]);

    public void Apply(Counted @event, ProjectionBatch batch)
    {
        var row = @event with { Value = @event.Value * version };
        batch.Add(counters, row);
        batch.Add(steps, row);
    }
}

/// <summary>Another projection of the same events: which there were.</summary>
internal sealed class MentionProjection : IProjection, IProject<Counted>
{
    public const string ProjectionName = "mentions";

    private readonly ProjectionTable<Counted> mentions = new ProjectionTable<Counted>("mention")
        .Text("name", 50, counted => counted.Name).Number("version", counted => counted.Version).Key("name", "version").WrittenOnce();

    public string Name => ProjectionName;

    public int Version => 1;

    public IReadOnlyList<ProjectionTable> Tables => [mentions];

    public void Apply(Counted @event, ProjectionBatch batch) => batch.Add(mentions, @event);
}
