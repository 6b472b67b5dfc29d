namespace Bank.Transfers.Transfers;

/// <summary>Where a transfer stands. The money is at the payer up to and including Releasing, at the payee from Capturing on.</summary>
public enum TransferState
{
    /// <summary>Not begun.</summary>
    New,

    /// <summary>The payer's account was asked for a hold.</summary>
    Reserving,

    /// <summary>The hold stands; the payee's account was asked to take the money.</summary>
    Crediting,

    /// <summary>The payee has the money; the payer's account was asked to book the hold.</summary>
    Capturing,

    /// <summary>It will fail; the payer's account was asked to end the hold.</summary>
    Releasing,

    /// <summary>Ended: the money has moved.</summary>
    Completed,

    /// <summary>Ended: the money is where it was.</summary>
    Failed,
}
