namespace Bank.StreamStore;

/// <summary>How far a migration has come.</summary>
/// <param name="stage">What has been done.</param>
public class MigrateProgress(MigrateProgress.MigrateStage stage)
{
    /// <summary>Steps of a migration, in their order.</summary>
    public enum MigrateStage
    {
        /// <summary>The schema is of the version that can be migrated.</summary>
        SchemaVersionChecked = 0,

        /// <summary>The tables have what the new version has.</summary>
        SchemaMigrated = 1,

        /// <summary>It is known which streams have limits to copy.</summary>
        StreamIdsLoaded = 2,

        /// <summary>The limits are copied.</summary>
        MetadataMigrated = 3,
    }

    /// <summary>What has been done.</summary>
    public MigrateStage Stage { get; } = stage;
}
