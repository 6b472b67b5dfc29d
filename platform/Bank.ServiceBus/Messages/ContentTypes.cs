namespace Bank.ServiceBus;

/// <summary>Content types of message bodies.</summary>
public static class ContentTypes
{
    /// <summary>JSON in UTF-8.</summary>
    public const string Json = "application/json";

    /// <summary>XML.</summary>
    public const string Xml = "text/xml";
}
