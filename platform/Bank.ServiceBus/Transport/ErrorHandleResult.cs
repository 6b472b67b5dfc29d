namespace Bank.ServiceBus.Transport;

/// <summary>What becomes of a message whose handling failed.</summary>
public enum ErrorHandleResult
{
    /// <summary>It was taken care of: acknowledge it.</summary>
    Handled = 0,

    /// <summary>Deliver it again at once.</summary>
    RetryRequired = 1,
}
