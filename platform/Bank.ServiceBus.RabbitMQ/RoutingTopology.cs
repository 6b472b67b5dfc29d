namespace Bank.ServiceBus;

/// <summary>How exchanges and queues are laid out on the broker.</summary>
public class RoutingTopology
{
    private RoutingTopology(QueueType queueType, bool useDurableEntities)
    {
        QueueType = queueType;
        UseDurableEntities = useDurableEntities;
    }

    internal QueueType QueueType { get; }

    internal bool UseDurableEntities { get; }

    /// <summary>A fanout exchange for each message type, bound to those of its base types; an exchange and a queue of the same name for each endpoint.</summary>
    /// <param name="queueType">The kind of the endpoints' queues.</param>
    /// <param name="useDurableEntities">Whether exchanges and classic queues survive a restart of the broker; quorum queues always do.</param>
    public static RoutingTopology Conventional(QueueType queueType, bool useDurableEntities = true) => new(queueType, useDurableEntities);
}

/// <summary>A kind of queue.</summary>
public enum QueueType
{
    /// <summary>On one node.</summary>
    Classic = 0,

    /// <summary>Replicated, always durable.</summary>
    Quorum = 1,
}
