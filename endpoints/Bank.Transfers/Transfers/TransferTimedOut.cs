namespace Bank.Transfers.Transfers;

/// <summary>Time to look whether a transfer has made progress.</summary>
public sealed record TransferTimedOut;
