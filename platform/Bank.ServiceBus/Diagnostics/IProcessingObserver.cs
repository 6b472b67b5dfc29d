namespace Bank.ServiceBus.Diagnostics;

/// <summary>Hears how each message fared. Called on the threads that handle messages, many at a time; must neither wait nor throw.</summary>
internal interface IProcessingObserver
{
    /// <param name="messageTypes">The header with the enclosed types, as received; empty when missing.</param>
    void Fetched(string messageTypes);

    /// <param name="messageTypes">The header with the enclosed types, as received; empty when missing.</param>
    /// <param name="completedAt">When the message was done with.</param>
    /// <param name="processingTime">From the receipt to then.</param>
    /// <param name="criticalTime">From when it was sent or due to then; null when its headers do not tell.</param>
    void Succeeded(string messageTypes, DateTimeOffset completedAt, TimeSpan processingTime, TimeSpan? criticalTime);

    /// <param name="messageTypes">The header with the enclosed types, as received; empty when missing.</param>
    void Failed(string messageTypes);

    /// <param name="messageTypes">The header with the enclosed types, as received; empty when missing.</param>
    /// <param name="at">When it was decided to try again.</param>
    void Retried(string messageTypes, DateTimeOffset at);
}
