namespace Bank.StreamStore.Streams;

/// <summary>What setting metadata led to.</summary>
public class SetStreamMetadataResult(int currentVersion)
{
    /// <summary>The version of the metadata.</summary>
    public readonly int CurrentVersion = currentVersion;
}
