namespace Bank.Hub.Projections;

/// <summary>The database holds, or is being filled with, a newer version of a projection than this program makes.</summary>
/// <param name="message">Which; for people.</param>
public sealed class OutdatedProgramException(string message) : Exception(message);
