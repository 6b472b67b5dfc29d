using Bank.Hub.Projections;

namespace Bank.Hub.Tests.Projections;

public sealed class DeclarationTests
{
    [Fact]
    public void The_newest_row_is_not_told_by_a_column_that_may_be_null()
    {
        // The database compares nothing with null, so which row stayed would depend on the order of messages.
        static ProjectionTable<Counted> Table() => new ProjectionTable<Counted>("last").Text("name", 50, e => e.Name).OptionalNumber("version", e => e.Version).Number("value", e => e.Value).Key("name");
        var refusal = Assert.Throws<InvalidOperationException>(() => Declare(Table().NewestBy("version")));
        Assert.Contains("last keeps the newest by a column that may be null", refusal.Message, StringComparison.Ordinal);
        Declare(Table().NewestBy("value"));
        Declare(Table().FilledIn("version"));
    }

    private static void Declare(ProjectionTable<Counted> table) => _ = CounterProjection.Catalog(1, new Other(table));

    private sealed class Other(ProjectionTable<Counted> table) : IProjection, IProject<Counted>
    {
        public string Name => "other";

        public int Version => 1;

        public IReadOnlyList<ProjectionTable> Tables => [table];

        public void Apply(Counted @event, ProjectionBatch batch) => batch.Add(table, @event);
    }
}
