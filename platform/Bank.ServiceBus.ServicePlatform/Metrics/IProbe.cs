namespace Bank.ServiceBus;

/// <summary>Something that can be observed.</summary>
public interface IProbe
{
    /// <summary>Tells the probe among the others.</summary>
    string Name { get; }

    /// <summary>What it observes, for people.</summary>
    string Description { get; }
}
