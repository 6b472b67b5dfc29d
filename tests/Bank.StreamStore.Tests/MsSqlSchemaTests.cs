using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>The tables are those of SqlStreamStore, so that its users find theirs.</summary>
public sealed class MsSqlSchemaTests(MsSqlFixture fixture) : StoreBehaviour(fixture), IClassFixture<MsSqlFixture>
{
    private static readonly string[] s_columns =
    [
        "Messages.Created datetime 8 0",
        "Messages.Id uniqueidentifier 16 0",
        "Messages.JsonData nvarchar -1 0",
        "Messages.JsonMetadata nvarchar -1 1",
        "Messages.Position bigint 8 0",
        "Messages.StreamIdInternal int 4 0",
        "Messages.StreamVersion int 4 0",
        "Messages.Type nvarchar 256 0",
        "Streams.Id char 42 0",
        "Streams.IdInternal int 4 0",
        "Streams.IdOriginal nvarchar 2000 0",
        "Streams.IdOriginalReversed nvarchar 2000 1",
        "Streams.MaxAge int 4 1",
        "Streams.MaxCount int 4 1",
        "Streams.Position bigint 8 0",
        "Streams.Version int 4 0",
    ];

    private static readonly string[] s_indexes =
    [
        "IX_Messages_StreamIdInternal_Created", "IX_Messages_StreamIdInternal_Id", "IX_Messages_StreamIdInternal_Revision", "IX_Streams_Id", "IX_Streams_IdOriginal",
        "IX_Streams_IdOriginalReversed", "PK_Events", "PK_Streams",
    ];

    private MsSqlFixture Server => (MsSqlFixture)Fixture;

    [SkippableFact]
    public async Task Columns_have_the_names_and_types_of_SqlStreamStore() => Assert.Equal(s_columns, await Server.Ask($"""
        SELECT OBJECT_NAME(c.object_id) + '.' + c.name, TYPE_NAME(c.user_type_id), CAST(c.max_length AS INT), CAST(c.is_nullable AS INT)
        FROM sys.columns c WHERE c.object_id IN (OBJECT_ID('{Server.Schema}.Streams'), OBJECT_ID('{Server.Schema}.Messages'))
        ORDER BY OBJECT_NAME(c.object_id) COLLATE Latin1_General_BIN2, c.name COLLATE Latin1_General_BIN2
        """));

    [SkippableFact]
    public async Task Indexes_have_the_names_of_SqlStreamStore() => Assert.Equal(s_indexes, await Server.Ask($"""
        SELECT i.name FROM sys.indexes i WHERE i.object_id IN (OBJECT_ID('{Server.Schema}.Streams'), OBJECT_ID('{Server.Schema}.Messages'))
        ORDER BY i.name COLLATE Latin1_General_BIN2
        """));

    [SkippableFact]
    public async Task The_version_is_checked_and_everything_can_be_dropped_and_made_again()
    {
        using var store = Server.Store();
        Assert.True((await store.CheckSchema()).IsMatch());
        await store.DropAll();
        Assert.Equal(0, (await store.CheckSchema()).CurrentVersion);
        await store.CreateSchemaIfNotExists();
        Assert.True((await store.CheckSchema()).IsMatch());
    }

    [SkippableFact]
    public async Task The_script_may_be_run_in_one_batch_and_again()
    {
        using var store = Server.Store();
        await store.DropAll();
        await Server.Ask(store.GetSchemaCreationScript());
        await Server.Ask(store.GetSchemaCreationScript());
        Assert.Equal(0, (await store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1))).CurrentPosition);
    }

    [SkippableFact]
    public async Task A_version_that_is_not_ours_is_named()
    {
        await SetVersion(2);
        using var store = Server.Store();
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => store.CreateSchemaIfNotExists());
        Assert.Contains("version 2", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task What_SqlStreamStore_made_is_continued()
    {
        using var store = Server.Store();
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2));
        await Server.Ask($"""
            DROP PROCEDURE {Server.Schema}.AppendGroup_1; DROP TABLE {Server.Schema}.AllStreamHead;
            DROP TYPE {Server.Schema}.AppendGroupStreams_1; DROP TYPE {Server.Schema}.AppendGroupAppends_1; DROP TYPE {Server.Schema}.AppendGroupMessages_1
            """);
        await store.CreateSchemaIfNotExists();
        var result = await store.AppendToStream("stream-1", 1, Messages(3));
        Assert.Equal((2, 2L), (result.CurrentVersion, result.CurrentPosition));
    }

    [SkippableFact]
    public async Task Limits_come_from_metadata_when_version_2_is_migrated()
    {
        await Store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        await Store.AppendToStream("stream-2", ExpectedVersion.NoStream, Messages(1));
        await Server.Ask($$"""
            INSERT INTO {{Server.Schema}}.Streams (Id, IdOriginal, Version, Position) SELECT CAST('$$' + Id AS CHAR(42)), '$$stream-1', 0, 2 FROM {{Server.Schema}}.Streams WHERE IdOriginal = 'stream-1';
            INSERT INTO {{Server.Schema}}.Messages (StreamIdInternal, StreamVersion, Id, Created, Type, JsonData, JsonMetadata)
            SELECT IdInternal, 0, NEWID(), GETUTCDATE(), '$stream-metadata', '{"StreamId":"stream-1","MaxAge":null,"MaxCount":7,"MetaJson":null}', '' FROM {{Server.Schema}}.Streams WHERE IdOriginal = '$$stream-1';
            DROP INDEX IX_Streams_IdOriginalReversed ON {{Server.Schema}}.Streams;
            DECLARE @drop NVARCHAR(MAX) = N'';
            SELECT @drop = @drop + N'ALTER TABLE {{Server.Schema}}.Streams DROP CONSTRAINT [' + d.name + N'];' FROM sys.default_constraints d
            WHERE d.parent_object_id = OBJECT_ID('{{Server.Schema}}.Streams') AND COL_NAME(d.parent_object_id, d.parent_column_id) IN ('MaxAge', 'MaxCount');
            EXEC(@drop);
            ALTER TABLE {{Server.Schema}}.Streams DROP COLUMN IdOriginalReversed, MaxAge, MaxCount;
            """);
        await SetVersion(2);
        using var store = Server.Store();
        var stages = new List<MigrateProgress.MigrateStage>();
        await store.Migrate(new Recorder(stages), CancellationToken.None);
        Assert.Equal(Enum.GetValues<MigrateProgress.MigrateStage>(), stages);
        Assert.True((await store.CheckSchema()).IsMatch());
        Assert.Equal(["stream-1 7", "stream-2 -", "$$stream-1 -"], await Server.Ask(
            $"SELECT s.IdOriginal + ' ' + ISNULL(CAST(s.MaxCount AS VARCHAR(10)), '-') FROM {Server.Schema}.Streams s ORDER BY s.IdInternal"));
        Assert.Equal("$stream-metadata", Assert.Single((await store.ReadStreamForwards("$$stream-1", 0, 10)).Messages).Type);
    }

    [SkippableFact]
    public async Task Whoever_was_granted_it_may_read_or_append()
    {
        var user = "u" + Guid.NewGuid().ToString("N");
        await Server.Ask($"CREATE USER {user} WITHOUT LOGIN");
        using var store = Server.Store();
        await store.GrantRead(user);
        await store.GrantAppend(user);
        Assert.Equal(["1 1 1 1"], await Server.Ask($"""
            EXECUTE AS USER = '{user}';
            SELECT HAS_PERMS_BY_NAME('{Server.Schema}.Messages', 'OBJECT', 'SELECT'), HAS_PERMS_BY_NAME('{Server.Schema}.Messages', 'OBJECT', 'INSERT'),
                HAS_PERMS_BY_NAME('{Server.Schema}.AppendGroup_1', 'OBJECT', 'EXECUTE'), HAS_PERMS_BY_NAME('{Server.Schema}.AppendGroupMessages_1', 'TYPE', 'EXECUTE');
            REVERT
            """));
    }

    private Task SetVersion(int version) => Server.Ask($"""
        EXEC sys.sp_updateextendedproperty @name = N'version', @value = N'{version}',
            @level0type = N'SCHEMA', @level0name = N'{Server.Schema}', @level1type = N'TABLE', @level1name = N'Streams'
        """);

    /// <summary>Notes at once, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Recorder(List<MigrateProgress.MigrateStage> stages) : IProgress<MigrateProgress>
    {
        public void Report(MigrateProgress value) => stages.Add(value.Stage);
    }
}
