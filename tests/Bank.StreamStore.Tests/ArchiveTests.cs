using Bank.StreamStore.Archiving;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Bank.StreamStore.Tests;

public sealed class SqliteArchiveTests(SqliteFixture fixture) : ArchiveBehaviour(fixture), IClassFixture<SqliteFixture>
{
    protected override string Table => "message_archive";

    [SkippableFact]
    public async Task A_file_of_a_time_when_nothing_was_archived_is_continued()
    {
        await Fill(9);
        var before = await Everything(Store);
        await Execute("DROP TABLE message_archive; ALTER TABLE messages DROP COLUMN archived_in");
        var store = await Open();
        Assert.Equal(9, (await All(((IStreamArchive)store).Archive(Now.AddDays(1)))).Single().Messages);
        Assert.Equal(before, await Everything(store));
    }

    [SkippableFact]
    public async Task A_message_that_is_deleted_between_the_page_and_its_payload_is_as_one_that_was_deleted_before()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2));
        await All(Archive.Archive(Now.AddDays(1)));
        var segment = (long)(await Execute("SELECT id FROM message_archive"))!;
        var reads = new ArchiveReads((SqlStreamStoreBase)Store, SqliteArchive.Text);
        var read = 0;
        var page = await reads.Complete(async () =>
        {
            var rows = new PageRows();
            foreach (var message in (await Store.ReadStreamForwards("a", 0, 10)).Messages) rows.Add(message, segment);
            if (read++ == 0) await Store.DeleteMessage("a", Id(1));
            return rows;
        }, rows => rows, prefetch: true, CancellationToken.None);
        Assert.Equal((2, Id(2)), (read, page.Messages.Single().MessageId));
    }

    protected override async Task<object?> Execute(string statement)
    {
        await using var connection = new SqliteConnection(((SqliteFixture)Fixture).ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteScalarAsync();
    }
}

public sealed class PostgresArchiveTests(PostgresFixture fixture) : ArchiveBehaviour(fixture), IClassFixture<PostgresFixture>
{
    private PostgresFixture Postgres => (PostgresFixture)Fixture;

    protected override string Table => $"{Postgres.Schema}.message_archive";

    [SkippableFact]
    public async Task Programs_that_cannot_read_what_is_archived_find_another_version_of_the_schema()
    {
        const string Comment = "SELECT obj_description(to_regnamespace('{0}'), 'pg_namespace')";
        await Fill(3);
        Assert.Empty(await All(Archive.Archive(Now)));
        Assert.Equal("""{ "version": 1 }""", await Execute(string.Format(null, Comment, Postgres.Schema)));
        await All(Archive.Archive(Now.AddDays(1)));
        Assert.Equal("""{ "version": 2 }""", await Execute(string.Format(null, Comment, Postgres.Schema)));
        var again = (PostgresStreamStore)await Open();
        Assert.Equal("""{ "version": 2 }""", await Execute(string.Format(null, Comment, Postgres.Schema)));
        Assert.Equal((2, 2, true), ((await again.CheckSchema()).CurrentVersion, (await again.CheckSchema()).ExpectedVersion, (await again.CheckSchema()).IsMatch));
        // Whoever takes what stands in a row for the data must fail, and not see an empty event.
        Assert.Equal("string", await Execute($"SELECT jsonb_typeof(json_data) FROM {Postgres.Schema}.messages LIMIT 1"));
    }

    [SkippableFact]
    public async Task A_schema_of_an_earlier_version_of_this_store_is_continued()
    {
        await Fill(9);
        var before = await Everything(Store);
        await Execute($"DROP TABLE {Table}; DROP FUNCTION {Postgres.Schema}.read_stream_2; ALTER TABLE {Postgres.Schema}.messages DROP COLUMN archived_in");
        var store = await Open();
        Assert.Equal(9, (await All(((IStreamArchive)store).Archive(Now.AddDays(1)))).Single().Messages);
        Assert.Equal(before, await Everything(store));
    }

    [SkippableFact]
    public async Task Appends_do_not_wait_for_a_segment_that_is_being_written()
    {
        await Fill(3);
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var take = new NpgsqlCommand(PostgresArchive.For(Postgres.Schema).TakePayloads, connection, transaction);
        take.Parameters.AddWithValue("segment", 1L);
        take.Parameters.AddWithValue("positions", new[] { 0L, 1L, 2L });
        Assert.Equal(3, await take.ExecuteNonQueryAsync());
        await Fill(3, firstId: 10).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(5, await Store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task What_somebody_is_about_to_delete_is_waited_for_without_a_lock()
    {
        await Fill(3);
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var delete = new NpgsqlCommand($"DELETE FROM {Postgres.Schema}.messages WHERE position = 1", connection, transaction);
        await delete.ExecuteNonQueryAsync();
        var archiving = All(Archive.Archive(Now.AddDays(1)));
        await Fill(3, firstId: 10);
        Assert.False(archiving.IsCompleted);
        await transaction.CommitAsync();
        var segments = await archiving.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(5, segments.Concat(await All(Archive.Archive(Now.AddDays(1)))).Sum(segment => segment.Messages));
        Assert.Equal(5, (await Everything(Store)).Length);
    }

    [SkippableFact]
    public async Task A_stream_that_was_dropped_and_made_again_has_nothing_of_what_was_archived_before()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await All(Archive.Archive(Now.AddDays(1)));
        Assert.Single(await Everything(Store));
        var other = (PostgresStreamStore)await Open();
        await other.DropAll();
        await other.CreateSchemaIfNotExists();
        await other.AppendToStream("a", ExpectedVersion.NoStream, Messages(2));
        await All(((IStreamArchive)other).Archive(Now.AddDays(1)));
        AssertSameJson("""{"number":2}""", await (await Store.ReadAllForwards(0, 10)).Messages.Single().GetJsonData());
    }

    protected override async Task<object?> Execute(string statement)
    {
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}

public sealed class MsSqlArchiveTests(MsSqlFixture fixture) : ArchiveBehaviour(fixture), IClassFixture<MsSqlFixture>
{
    private MsSqlFixture MsSql => (MsSqlFixture)Fixture;

    protected override string Table => $"[{MsSql.Schema}].[MessageArchive]";

    protected override string ArchivedIn => "ArchivedIn";

    [SkippableFact]
    public async Task Programs_that_cannot_read_what_is_archived_find_another_version_of_the_schema()
    {
        await Fill(3);
        await All(Archive.Archive(Now.AddDays(1)));
        var check = await ((MsSqlStreamStoreV3)await Open()).CheckSchema();
        Assert.Equal((4, 4, true), (check.CurrentVersion, check.ExpectedVersion, check.IsMatch()));
    }

    protected override async Task<object?> Execute(string statement)
    {
        await using var connection = new Microsoft.Data.SqlClient.SqlConnection(MsSql.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Microsoft.Data.SqlClient.SqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}

public sealed class SqliteArchiveModelTests(SqliteFixture fixture) : ArchiveModelBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresArchiveModelTests(PostgresFixture fixture) : ArchiveModelBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class MsSqlArchiveModelTests(MsSqlFixture fixture) : ArchiveModelBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class SqliteArchiveConcurrencyTests(SqliteFixture fixture) : ArchiveConcurrencyBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresArchiveConcurrencyTests(PostgresFixture fixture) : ArchiveConcurrencyBehaviour(fixture), IClassFixture<PostgresFixture>;

public sealed class MsSqlArchiveConcurrencyTests(MsSqlFixture fixture) : ArchiveConcurrencyBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class InMemoryArchiveTests
{
    [Fact]
    public void A_store_in_memory_has_no_archive_as_there_is_nothing_to_free()
    {
        using IStreamStore store = new InMemoryStreamStore();
        Assert.False(store is IStreamArchive);
    }
}
