namespace Bank.Hosting;

/// <summary>How messages travel.</summary>
public enum TransportKind
{
    /// <summary>As files in a folder that all endpoints share; needs no server.</summary>
    Learning,

    /// <summary>Through RabbitMQ, in quorum queues.</summary>
    RabbitMQ,
}
