namespace Bank.StreamStore;

/// <summary>Which version of the schema a database has, and which one the store needs.</summary>
/// <param name="currentVersion">The version found; 0 when there is none.</param>
/// <param name="expectedVersion">The version needed.</param>
public readonly struct CheckSchemaResult(int currentVersion, int expectedVersion) : IEquatable<CheckSchemaResult>
{
    /// <summary>The version found; 0 when there is none.</summary>
    public int CurrentVersion { get; } = currentVersion;

    /// <summary>The version needed.</summary>
    public int ExpectedVersion { get; } = expectedVersion;

    /// <summary>Whether the store can work with it.</summary>
    public bool IsMatch => CurrentVersion == ExpectedVersion;

    /// <summary>Compares both versions.</summary>
    public static bool operator ==(CheckSchemaResult left, CheckSchemaResult right) => left.Equals(right);

    /// <summary>Compares both versions.</summary>
    public static bool operator !=(CheckSchemaResult left, CheckSchemaResult right) => !left.Equals(right);

    /// <inheritdoc />
    public bool Equals(CheckSchemaResult other) => CurrentVersion == other.CurrentVersion && ExpectedVersion == other.ExpectedVersion;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is CheckSchemaResult other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(CurrentVersion, ExpectedVersion);
}
