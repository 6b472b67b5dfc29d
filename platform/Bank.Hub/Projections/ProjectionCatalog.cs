using System.Collections.Concurrent;

namespace Bank.Hub.Projections;

/// <summary>The projections of an endpoint, and the events that they are made of.</summary>
public sealed class ProjectionCatalog
{
    private const int LongestName = 60;

    private readonly ConcurrentDictionary<Type, Binding[]> bindings = new();

    /// <summary>Puts projections and feeds together.</summary>
    /// <exception cref="InvalidOperationException">A declaration contradicts itself or another; the message names it.</exception>
    public ProjectionCatalog(IReadOnlyList<EventFeed> feeds, IReadOnlyList<IProjection> projections)
    {
        Projections = [.. projections.Select(projection => new DeclaredProjection(projection, Bind(projection, feeds)))];
        RefuseTwice(projections.Select(projection => projection.Name), "projections");
        RefuseTwice(projections.SelectMany(projection => projection.Tables).Select(table => table.Name), "tables");
    }

    internal IReadOnlyList<DeclaredProjection> Projections { get; }

    internal DeclaredProjection? Find(string name) => Projections.FirstOrDefault(projection => projection.Name == name);

    /// <summary>What is to be done with events of a type.</summary>
    internal Binding[] Of(Type type) =>
        bindings.GetOrAdd(type, of => [.. Projections.SelectMany(projection => projection.Bindings).Where(binding => binding.Feed.EventType.IsAssignableFrom(of))]);

    private static List<(EventFeed, Action<object, ProjectionBatch>)> Bind(IProjection projection, IReadOnlyList<EventFeed> feeds)
    {
        if (projection.Name.Length is 0 or > LongestName) throw new InvalidOperationException($"'{projection.Name}' is not a name of 1 to {LongestName} characters for a projection.");
        if (projection.Version < 1) throw new InvalidOperationException($"The projection {projection.Name} has version {projection.Version}; the first is 1.");
        foreach (var table in projection.Tables) table.Check();
        var bound = feeds.Select(feed => (Feed: feed, Apply: feed.Bind(projection))).Where(pair => pair.Apply is not null).Select(pair => (pair.Feed, pair.Apply!)).ToList();
        return bound.Count > 0 ? bound : throw new InvalidOperationException($"No feed brings the events that the projection {projection.Name} is made of.");
    }

    private static void RefuseTwice(IEnumerable<string> names, string what)
    {
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice) throw new InvalidOperationException($"Two {what} are named {twice.Key}.");
    }

    /// <summary>What a projection does with the events of a feed.</summary>
    internal sealed record Binding(DeclaredProjection Projection, EventFeed Feed, Action<object, ProjectionBatch> Apply);
}

/// <summary>A projection with its feeds.</summary>
internal sealed class DeclaredProjection
{
    public DeclaredProjection(IProjection projection, List<(EventFeed Feed, Action<object, ProjectionBatch> Apply)> bound)
    {
        Name = projection.Name;
        Version = projection.Version;
        Tables = projection.Tables;
        Bindings = [.. bound.Select(pair => new ProjectionCatalog.Binding(this, pair.Feed, pair.Apply))];
        Shape = string.Join('\n', Tables.Select(table => table.Shape));
    }

    public string Name { get; }

    public int Version { get; }

    public IReadOnlyList<ProjectionTable> Tables { get; }

    public IReadOnlyList<ProjectionCatalog.Binding> Bindings { get; }

    public string Shape { get; }

    /// <summary>The endpoints that its history comes from, each with the full names of the kinds of events.</summary>
    public IEnumerable<(string Endpoint, string[] EventTypes)> Sources =>
        Bindings.GroupBy(binding => binding.Feed.Endpoint, (endpoint, group) => (endpoint, group.Select(binding => binding.Feed.EventType.FullName!).Order(StringComparer.Ordinal).ToArray()));
}
