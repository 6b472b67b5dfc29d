namespace Bank.StreamStore.MsSql;

/// <summary>Which version of the schema a SQL Server database has, and which is needed.</summary>
/// <param name="currentVersion">The version found; 0 for none.</param>
/// <param name="expectedVersion">The version needed.</param>
/// <remarks>In a namespace of its own: SqlStreamStore has a type of this name for PostgreSQL too, of another shape.</remarks>
public class CheckSchemaResult(int currentVersion, int expectedVersion)
{
    /// <summary>The version found; 0 for none.</summary>
    public int CurrentVersion { get; } = currentVersion;

    /// <summary>The version needed.</summary>
    public int ExpectedVersion { get; } = expectedVersion;

    /// <summary>Whether the version found is the one needed.</summary>
    public bool IsMatch() => CurrentVersion == ExpectedVersion;
}
