namespace Bank.Hub.Projections;

/// <summary>One set of tables of a projection.</summary>
/// <param name="Projection">The name of the projection.</param>
/// <param name="Number">Which set; part of the names of its tables.</param>
/// <param name="Version">The version of the projection that it is made by.</param>
/// <param name="State">What it is good for.</param>
/// <param name="FillId">What fills it, or filled it, with the past; empty for tables that were there before.</param>
/// <param name="Shape">What its tables are.</param>
/// <param name="FilledAt">Since when it holds all of the past; null while it does not.</param>
internal sealed record Generation(string Projection, int Number, int Version, GenerationState State, string FillId, string Shape, DateTimeOffset? FilledAt)
{
    public string TableOf(ProjectionTable table) => NameOf(table.Name, Number);

    public static string NameOf(string table, int number) => $"{table}__{number}";
}

/// <summary>What a set of tables is good for.</summary>
internal enum GenerationState
{
    /// <summary>It is filled beside the active one.</summary>
    Building = 0,

    /// <summary>It answers.</summary>
    Active = 1,

    /// <summary>It is no longer needed, and dropped when nobody reads it.</summary>
    Retired = 2,
}
