using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using Npgsql;

namespace Bank.StreamStore.Tests;

/// <summary>A schema that SqlStreamStore has made and filled is opened and continued, also while SqlStreamStore goes on writing to it.</summary>
public sealed class PostgresTakeOverTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string LongName = "a-stream-whose-name-is-longer-than-the-forty-characters-that-its-metadata-may-have";

    // Drawn, and never used: appends that were repeated or refused.
    private const int LastDrawn = 19;

    private PostgresStreamStore store = null!;

    private string Schema => fixture.Schema;

    public async Task InitializeAsync()
    {
        await fixture.Reset();
        await Run(Tables);
        await Run(Rows);
        store = Open();
        Assert.True((await store.CheckSchema()).IsMatch);
        await store.CreateSchemaIfNotExists();
        await store.CreateSchemaIfNotExists();
    }

    public Task DisposeAsync()
    {
        store?.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task What_is_there_is_read()
    {
        Assert.Equal(["stream-1", "7c9e6679-7425-40de-944b-e07fc1f90ae7", LongName, Cut("$$" + LongName), "empty", "$deleted"], (await store.ListStreams()).StreamIds);
        var page = await store.ReadStreamForwards("stream-1", 0, 10);
        Assert.Equal([(0, 0L), (1, 1L)], page.Messages.Select(message => (message.StreamVersion, message.Position)));
        // The third was deleted, and its version is not given out again.
        Assert.Equal((2, 4L), (page.LastStreamVersion, page.LastStreamPosition));
        Assert.Equal((new DateTime(2020, 6, 26, 1, 2, 3, DateTimeKind.Utc).AddMicroseconds(456789), ""), (page.Messages[0].CreatedUtc, page.Messages[0].JsonMetadata));
        Assert.Equal("""{"who": "me"}""", page.Messages[1].JsonMetadata);
        Assert.Equal(PageReadStatus.Success, (await store.ReadStreamForwards("empty", 0, 1)).Status);
        var metadata = await store.GetStreamMetadata(LongName);
        Assert.Equal((0, null, 2, null), (metadata.MetadataStreamVersion, metadata.MaxAge, metadata.MaxCount, metadata.MetadataJson));
        var all = (await store.ReadAllForwards(0, 100, prefetchJsonData: false)).Messages;
        Assert.Equal([0L, 1L, 5L, 7L, 8L, 9L, 10L], all.Select(message => message.Position));
        foreach (var message in all) Assert.NotNull(await message.GetJsonData());
        Assert.Equal(10, await store.ReadHeadPosition());
    }

    [SkippableFact]
    public async Task Appends_go_on_after_what_is_there_and_recognise_it()
    {
        Assert.Equal((2, 4L), Told(await store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1, 2))));
        Assert.Equal((2, 4L), Told(await store.AppendToStream("stream-1", ExpectedVersion.Any, Messages(2))));
        await Assert.ThrowsAsync<WrongExpectedVersionException>(() => store.AppendToStream("stream-1", 1, Messages(4)));
        Assert.Equal((3, LastDrawn + 1L), Told(await store.AppendToStream("stream-1", 2, Messages(4))));
        Assert.Equal((0, LastDrawn + 2L), Told(await store.AppendToStream("empty", ExpectedVersion.EmptyStream, Messages(1))));
        Assert.Equal(LastDrawn + 3L, await Run($"SELECT nextval('{Schema}.messages_seq')"));
        Assert.Equal("3 20", await Run($"SELECT version || ' ' || position FROM {Schema}.streams WHERE id_original = 'stream-1'"));
        Assert.Equal(DBNull.Value, await Run($"SELECT json_metadata FROM {Schema}.messages WHERE position = {LastDrawn + 1}"));
    }

    [SkippableFact]
    public async Task Limits_and_deletions_go_on_too()
    {
        // Set with the same values and the same expectation by SqlStreamStore: a repetition.
        await store.SetStreamMetadata(LongName, ExpectedVersion.Any, maxCount: 2);
        Assert.Equal(0, (await store.GetStreamMetadata(LongName)).MetadataStreamVersion);
        await store.AppendToStream(LongName, 1, Messages(3, 4));
        Assert.Equal([2, 3], (await store.ReadStreamForwards(LongName, 0, 10)).Messages.Select(message => message.StreamVersion));
        Assert.Equal(2, (await store.ReadStreamForwards(Deleted.DeletedStreamId, 0, 10)).LastStreamVersion);
        await store.DeleteStream(LongName, 3);
        Assert.Equal(-1, (await store.GetStreamMetadata(LongName)).MetadataStreamVersion);
        await store.DeleteStream("stream-1", 1);
        Assert.Equal(0, (await store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1))).CurrentVersion);
    }

    [SkippableFact]
    public async Task Both_may_write_in_turn_and_a_follower_sees_all()
    {
        var seen = new List<(string Stream, int Version)>();
        var all = new TaskCompletionSource();
        using var subscription = store.SubscribeToAll(Position.End, (_, message, _) =>
        {
            seen.Add((message.StreamId, message.StreamVersion));
            if (seen.Count == 18) all.TrySetResult();
            return Task.CompletedTask;
        });
        await subscription.Started;
        for (var round = 0; round < 6; round++)
        {
            await Run($"SELECT {Schema}.append_to_stream('{StreamKey.Of("theirs")}', 'theirs')");
            await store.AppendToStream("ours", round == 0 ? ExpectedVersion.NoStream : (round * 2) - 1, Messages((round * 2) + 1, (round * 2) + 2));
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Enumerable.Range(0, 6).SelectMany(round => new[] { ("theirs", round), ("ours", round * 2), ("ours", (round * 2) + 1) }), seen);
    }

    [SkippableFact]
    public async Task Everything_that_SqlStreamStore_has_made_can_be_dropped()
    {
        await store.DropAll();
        Assert.Equal(0L, await Run($"""
            SELECT (SELECT COUNT(*) FROM pg_class WHERE relnamespace = '{Schema}'::regnamespace) + (SELECT COUNT(*) FROM pg_proc WHERE pronamespace = '{Schema}'::regnamespace)
                + (SELECT COUNT(*) FROM pg_type WHERE typnamespace = '{Schema}'::regnamespace)
            """));
    }

    private string Tables => $$"""
        CREATE SCHEMA {{Schema}};
        CREATE SEQUENCE {{Schema}}.streams_seq START 1;
        CREATE TABLE {{Schema}}.streams (
            id CHAR(42) NOT NULL, id_original VARCHAR(1000) NOT NULL, id_internal INT NOT NULL DEFAULT nextval('{{Schema}}.streams_seq'), version INT NOT NULL DEFAULT -1,
            position BIGINT NOT NULL DEFAULT -1, max_age INT, max_count INT,
            CONSTRAINT pk_streams PRIMARY KEY (id_internal), CONSTRAINT uq_streams_id UNIQUE (id), CONSTRAINT ck_version_gte_negative_one CHECK (version >= -1));
        ALTER SEQUENCE {{Schema}}.streams_seq OWNED BY {{Schema}}.streams.id_internal;
        CREATE INDEX ix_id_original ON {{Schema}}.streams (id_original);
        CREATE INDEX ix_id_original_reversed ON {{Schema}}.streams (reverse(id_original));
        CREATE SEQUENCE {{Schema}}.messages_seq MINVALUE 0 START 0;
        CREATE TABLE {{Schema}}.messages (
            stream_id_internal INT NOT NULL, stream_version INT NOT NULL, position BIGINT NOT NULL DEFAULT nextval('{{Schema}}.messages_seq'), message_id UUID NOT NULL,
            created_utc TIMESTAMP NOT NULL, type VARCHAR(128) NOT NULL, json_data JSONB NOT NULL, json_metadata JSONB,
            CONSTRAINT pk_messages PRIMARY KEY (position),
            CONSTRAINT fk_messages_stream FOREIGN KEY (stream_id_internal) REFERENCES {{Schema}}.streams (id_internal),
            CONSTRAINT uq_messages_stream_id_internal_and_stream_version UNIQUE (stream_id_internal, stream_version),
            CONSTRAINT uq_stream_id_internal_and_message_id UNIQUE (stream_id_internal, message_id),
            CONSTRAINT ck_stream_version_gte_zero CHECK (stream_version >= 0));
        ALTER SEQUENCE {{Schema}}.messages_seq OWNED BY {{Schema}}.messages.position;
        CREATE TYPE {{Schema}}.new_stream_message AS (message_id UUID, type VARCHAR(128), json_data JSONB, json_metadata JSONB);
        COMMENT ON SCHEMA {{Schema}} IS '{ "version": 1 }';
        -- A writer that draws its positions as SqlStreamStore does.
        CREATE FUNCTION {{Schema}}.append_to_stream(_key CHAR(42), _name VARCHAR) RETURNS BIGINT LANGUAGE plpgsql AS $body$
        DECLARE _internal INT; _version INT; _position BIGINT;
        BEGIN
            INSERT INTO {{Schema}}.streams (id, id_original) VALUES (_key, _name) ON CONFLICT DO NOTHING;
            SELECT id_internal, version + 1 INTO _internal, _version FROM {{Schema}}.streams WHERE id = _key;
            INSERT INTO {{Schema}}.messages (stream_id_internal, stream_version, message_id, created_utc, type, json_data)
            VALUES (_internal, _version, gen_random_uuid(), now() AT TIME ZONE 'utc', 'type', '{}') RETURNING position INTO _position;
            UPDATE {{Schema}}.streams SET version = _version, position = _position WHERE id_internal = _internal;
            RETURN _position;
        END $body$;
        """;

    private string Rows => $$"""
        INSERT INTO {{Schema}}.streams (id, id_original, version, position, max_age, max_count) VALUES
            ('{{StreamKey.Of("stream-1")}}', 'stream-1', 2, 4, NULL, NULL),
            ('7c9e6679-7425-40de-944b-e07fc1f90ae7', '7c9e6679-7425-40de-944b-e07fc1f90ae7', 0, 5, NULL, NULL),
            ('{{StreamKey.Of(LongName)}}', '{{LongName}}', 1, 8, NULL, 2),
            ('{{StreamKey.OfMetadata(LongName)}}', '{{Cut("$$" + LongName)}}', 0, 9, NULL, NULL),
            ('{{StreamKey.Of("empty")}}', 'empty', -1, -1, NULL, NULL),
            ('{{StreamKey.Of("$deleted")}}', '$deleted', 0, 10, NULL, NULL);
        INSERT INTO {{Schema}}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata) VALUES
            (1, 0, 0, '{{Id(1)}}', '2020-06-26 01:02:03.456789', 'type', '{"a": 1}', NULL),
            (1, 1, 1, '{{Id(2)}}', '2020-06-26 01:02:03.456789', 'type', '{"a": 2}', '{"who": "me"}'),
            (2, 0, 5, '{{Id(1)}}', '2020-06-26 01:02:03.456789', 'type', '{"a": 1}', NULL),
            (3, 0, 7, '{{Id(1)}}', '2020-06-26 01:02:03.456789', 'type', '{"a": 1}', NULL),
            (3, 1, 8, '{{Id(2)}}', '2020-06-26 01:02:03.456789', 'type', '{"a": 2}', NULL),
            (4, 0, 9, '{{Infrastructure.MetadataMessageIdGenerator.Create("$$" + LongName, ExpectedVersion.Any, Metadata)}}', '2020-06-26 01:02:03.456789', '$stream-metadata', '{{Metadata}}', NULL),
            (6, 0, 10, '{{Guid.NewGuid()}}', '2020-06-26 01:02:03.456789', '$message-deleted', '{"StreamId": "stream-1", "MessageId": "{{Id(3)}}"}', NULL);
        SELECT setval('{{Schema}}.messages_seq', {{LastDrawn}});
        """;

    private static string Metadata => $$"""{"StreamId":"{{LongName}}","MaxAge":null,"MaxCount":2,"MetaJson":null}""";

    private static string Cut(string name) => name[..42];

    private static (int Version, long Position) Told(AppendResult result) => (result.CurrentVersion, result.CurrentPosition);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static NewStreamMessage[] Messages(params int[] ids) => [.. ids.Select(id => new NewStreamMessage(Id(id), "type", "{}"))];

    private PostgresStreamStore Open() => new(new PostgresStreamStoreSettings(fixture.ConnectionString)
    {
        Schema = Schema, ScavengeAsynchronously = false, LookInterval = TimeSpan.FromMilliseconds(50),
    });

    private async Task<object?> Run(string text)
    {
        await using var connection = new NpgsqlConnection(fixture.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return await command.ExecuteScalarAsync();
    }
}
