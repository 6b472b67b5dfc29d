namespace Bank.Hub;

/// <summary>Headers of what a hub publishes.</summary>
public static class HubHeaders
{
    /// <summary>The position of a published event in the store that it came from, a whole number; for measuring how far a subscriber is behind.</summary>
    public const string Position = "Bank.Position";
}
