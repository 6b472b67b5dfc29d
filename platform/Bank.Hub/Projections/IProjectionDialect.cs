using System.Data.Common;

namespace Bank.Hub.Projections;

/// <summary>In what projections differ from database to database.</summary>
internal interface IProjectionDialect
{
    /// <summary>Held while tables and registry are prepared: one process at a time.</summary>
    string? PrepareGate { get; }

    /// <summary>Held by whoever writes rows: no generation comes or goes meanwhile.</summary>
    string? WriteGate { get; }

    /// <summary>Held by whoever adds or removes generations; queries go on.</summary>
    string? ChangeGate { get; }

    /// <summary>Held while views are replaced: waits for the queries under way, but not for long, so that no other query waits long behind it.</summary>
    string? SwapGate { get; }

    /// <summary>Said before tables are dropped: not to wait long for whoever still reads them.</summary>
    string? DropGate { get; }

    /// <summary>Held by queries of several statements, taken before their snapshot is.</summary>
    string? ReadGate { get; }

    /// <summary>Behind the name of a table in a SELECT: locks what is read until the end of the transaction; empty where <see cref="ForUpdate"/> does.</summary>
    string LockHint => "";

    /// <summary>Locks the rows of a SELECT until the end of the transaction; empty where a writing transaction is alone anyway.</summary>
    string ForUpdate { get; }

    /// <summary>The type of texts of any length.</summary>
    string LongText { get; }

    /// <summary>Counts tables, without views, named <c>@name</c>.</summary>
    string CountTables { get; }

    /// <summary>The type of texts up to a length.</summary>
    string Text(int length) => $"VARCHAR({length})";

    /// <summary>Creates a table of some columns when it is missing.</summary>
    string CreateMissing(string table, string columns) => $"CREATE TABLE IF NOT EXISTS {table} ({columns})";

    /// <summary>Gives a table another name.</summary>
    string Rename(string table, string name) => $"ALTER TABLE {table} RENAME TO {name}";

    /// <summary>The type of a column.</summary>
    string TypeOf(ProjectionColumn column);

    /// <summary>Makes a view of a table, replacing the one there was.</summary>
    string ReplaceView(string view, string table);

    /// <summary>Begins a transaction that sees one state of everything.</summary>
    Task<DbTransaction> BeginSnapshot(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Writes rows into a table, merging them with those that are there.</summary>
    Task Write(DbTransaction transaction, string table, RowSet rows, CancellationToken cancellationToken);

    /// <summary>Reads what is known of some subjects and locks it.</summary>
    Task<Dictionary<SubjectKey, string>> ReadSubjects(DbTransaction transaction, SubjectKey[] subjects, CancellationToken cancellationToken);

    /// <summary>Stores what is known of some subjects, new ones and others. Fails when a new one is there by now.</summary>
    Task WriteSubjects(DbTransaction transaction, IReadOnlyList<SubjectRow> added, IReadOnlyList<SubjectRow> changed, CancellationToken cancellationToken);
}

/// <summary>A subject, as a generation of a projection knows it.</summary>
internal readonly record struct SubjectKey(string Projection, int Generation, string Subject);

/// <summary>What a generation knows of a subject.</summary>
/// <param name="Key">Which.</param>
/// <param name="Seen">The versions of its events that were written, as <see cref="Ranges"/>.</param>
/// <param name="Missing">How many below the highest were not.</param>
internal sealed record SubjectRow(SubjectKey Key, string Seen, long Missing);
