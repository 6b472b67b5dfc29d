namespace Bank.StreamStore.Sql;

/// <summary>When a group of appends is written while the one before it is under way.</summary>
/// <param name="FewestAppends">In a group: each costs a flush, so two small ones cost more than one.</param>
/// <param name="FewestInOrder">Groups, one after the other, between which nobody else has written.</param>
internal sealed record WritingAhead(int FewestAppends = 32, int FewestInOrder = 4);
