namespace Bank.Projections.Storage;

/// <summary>What one event writes: statements that may be repeated, in any order, with the same result.</summary>
public sealed class ProjectionBatch
{
    private readonly List<(string Sql, (string Name, object? Value)[] Parameters)> statements = [];

    internal IReadOnlyList<(string Sql, (string Name, object? Value)[] Parameters)> Statements => statements;

    public void Add(string sql, params (string Name, object? Value)[] parameters) => statements.Add((sql, parameters));
}
