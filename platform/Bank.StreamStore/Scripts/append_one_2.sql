-- Appends one message to one stream: what append_group_2 does for a lone append, in fewer steps.
CREATE OR REPLACE FUNCTION {schema}.append_one_2(
    _key CHAR(42), _name VARCHAR, _metadata_key CHAR(42), _expected INT,
    _id UUID, _type VARCHAR, _data JSONB, _metadata JSONB, _created TIMESTAMP,
    OUT _version INT, OUT _position BIGINT, OUT _max_count INT)
LANGUAGE plpgsql
SET plan_cache_mode TO force_generic_plan SET jit TO off SET enable_seqscan TO off SET enable_hashjoin TO off SET enable_mergejoin TO off
AS $$
DECLARE
    _any CONSTANT INT := -2;
    _no_stream CONSTANT INT := -3;
    _head BIGINT;
    _drawn BIGINT;
    _internal INT;
    _held_at INT;
    _is_new BOOLEAN;
    _is_held BOOLEAN := FALSE;
BEGIN
    PERFORM pg_advisory_xact_lock({turn});
    -- Held to the commit, so positions come in the order of commits.
    UPDATE {schema}.all_stream_head SET position = position + 1 RETURNING position INTO STRICT _head;

    SELECT s.id_internal, s.version, s.position, s.max_count INTO _internal, _version, _position, _max_count
    FROM {schema}.streams s WHERE s.id = _key;
    IF _internal IS NOT NULL THEN
        SELECT m.stream_version INTO _held_at FROM {schema}.messages m WHERE m.stream_id_internal = _internal AND m.message_id = _id;
    END IF;

    -- Either the message goes to the end, or it must be there already, at the version that follows the expected one.
    IF _expected = _any THEN
        _is_new := _held_at IS NULL;
        _is_held := NOT _is_new;
    ELSIF _expected = _no_stream THEN
        _is_new := _internal IS NULL;
        _is_held := _held_at = 0;
    ELSE
        _is_new := _expected = _version AND _held_at IS NULL;
        _is_held := _held_at = _expected + 1;
    END IF;

    IF NOT COALESCE(_is_new, FALSE) THEN
        UPDATE {schema}.all_stream_head SET position = position - 1;
        IF NOT COALESCE(_is_held, FALSE) THEN
            _version := NULL;
            _position := NULL;
            _max_count := NULL;
        END IF;
        RETURN;
    END IF;

    IF to_regproc('{schema}.append_to_stream') IS NOT NULL THEN
        -- Where SqlStreamStore writes too, it draws its positions from the sequence.
        SELECT GREATEST(_head, (SELECT MAX(m.position) FROM {schema}.messages m) + 1, q.last_value + CASE WHEN q.is_called THEN 1 ELSE 0 END)
        INTO _head FROM {schema}.messages_seq q;
        UPDATE {schema}.all_stream_head SET position = _head;
    END IF;
    IF _internal IS NULL THEN
        INSERT INTO {schema}.streams (id, id_original, max_age, max_count)
        SELECT _key, _name, (m.json_data ->> 'MaxAge')::INT, (m.json_data ->> 'MaxCount')::INT
        FROM (SELECT _metadata_key AS key) k
        LEFT JOIN {schema}.streams s ON s.id = k.key
        LEFT JOIN {schema}.messages m ON m.stream_id_internal = s.id_internal AND m.stream_version = s.version
        RETURNING id_internal, version, max_count INTO STRICT _internal, _version, _max_count;
    END IF;
    _version := _version + 1;
    _position := _head;
    -- Before the message, whose foreign key then finds the row locked already.
    UPDATE {schema}.streams SET version = _version, position = _position WHERE id_internal = _internal;
    INSERT INTO {schema}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata)
    VALUES (_internal, _version, _position, _id, _created, _type, _data, _metadata);
    -- What SqlStreamStore would draw next. Not undone by a rollback, therefore last.
    _drawn := setval('{schema}.messages_seq', _head);
END
$$;
