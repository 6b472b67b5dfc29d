namespace Bank.Hub.Projections;

/// <summary>The database holds, or is being filled with, a newer version of a projection than this program makes.</summary>
internal sealed class OutdatedProgramException(string message) : Exception(message);
