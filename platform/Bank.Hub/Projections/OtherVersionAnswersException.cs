namespace Bank.Hub.Projections;

/// <summary>A query does not fit the tables that answer: they are of another version than this program's, which is being filled beside them.</summary>
/// <param name="message">Says so, for people.</param>
/// <param name="innerException">What the database said.</param>
public sealed class OtherVersionAnswersException(string message, Exception innerException) : Exception(message, innerException);
