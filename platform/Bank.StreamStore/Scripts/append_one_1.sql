-- Appends to one stream: what append_group_1 does for one append alone, in fewer steps.
CREATE OR REPLACE FUNCTION {schema}.append_one_1(
    _key CHAR(42), _name VARCHAR, _metadata_key CHAR(42), _expected INT,
    _ids UUID[], _types VARCHAR[], _data JSONB[], _metadata JSONB[], _created TIMESTAMP,
    OUT _version INT, OUT _position BIGINT, OUT _max_count INT)
LANGUAGE plpgsql
SET plan_cache_mode TO force_generic_plan SET jit TO off SET enable_seqscan TO off SET enable_hashjoin TO off SET enable_mergejoin TO off
AS $$
DECLARE
    _any CONSTANT INT := -2;
    _no_stream CONSTANT INT := -3;
    _count CONSTANT INT := cardinality(_ids);
    _head BIGINT;
    _expected_head BIGINT;
    _internal INT;
    _found INT;
    _lowest INT;
    _highest INT;
    _is_new BOOLEAN := FALSE;
    _held_from INT;
BEGIN
    -- Held to the commit, so positions come in the order of commits.
    UPDATE {schema}.all_stream_head SET position = position + _count RETURNING position - _count INTO STRICT _head;
    _expected_head := _head + _count;
    IF to_regproc('{schema}.append_to_stream') IS NOT NULL THEN
        SELECT GREATEST(_head, (SELECT MAX(m.position) FROM {schema}.messages m), CASE WHEN q.is_called THEN q.last_value ELSE q.last_value - 1 END)
        INTO _head FROM {schema}.messages_seq q;
    END IF;

    SELECT s.id_internal, s.version, s.position, s.max_count, k.found, k.lowest, k.highest
    INTO _internal, _version, _position, _max_count, _found, _lowest, _highest
    FROM {schema}.streams s
    CROSS JOIN LATERAL (
        SELECT COUNT(*) AS found, MIN(m.stream_version - i.ordinal) AS lowest, MAX(m.stream_version - i.ordinal) AS highest
        FROM unnest(_ids) WITH ORDINALITY AS i (id, ordinal)
        JOIN {schema}.messages m ON m.stream_id_internal = s.id_internal AND m.message_id = i.id) k
    WHERE s.id = _key;

    CASE
        WHEN _expected = _any THEN
            IF COALESCE(_found, 0) = 0 THEN _is_new := TRUE; ELSE _held_from := _lowest + 1; END IF;
        WHEN _expected = _no_stream THEN
            IF _internal IS NULL THEN _is_new := TRUE; ELSE _held_from := 0; END IF;
        WHEN _internal IS NULL OR _expected > _version THEN
            NULL;
        WHEN _expected = _version THEN
            _is_new := _found = 0;
        ELSE
            _held_from := _expected + 1;
    END CASE;

    IF _is_new THEN
        IF _internal IS NULL THEN
            INSERT INTO {schema}.streams (id, id_original, max_age, max_count)
            SELECT _key, _name, (m.json_data ->> 'MaxAge')::INT, (m.json_data ->> 'MaxCount')::INT
            FROM (SELECT _metadata_key AS key) k
            LEFT JOIN {schema}.streams s ON s.id = k.key
            LEFT JOIN {schema}.messages m ON m.stream_id_internal = s.id_internal AND m.stream_version = s.version
            RETURNING id_internal, version, position, max_count INTO STRICT _internal, _version, _position, _max_count;
        END IF;
        IF _count > 0 THEN
            INSERT INTO {schema}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata)
            SELECT _internal, _version + i.ordinal, _head + i.ordinal, i.id, _created, i.type, i.data, i.metadata
            FROM unnest(_ids, _types, _data, _metadata) WITH ORDINALITY AS i (id, type, data, metadata, ordinal);
            _head := _head + _count;
            _version := _version + _count;
            _position := _head;
            UPDATE {schema}.streams SET version = _version, position = _position WHERE id_internal = _internal;
            -- What SqlStreamStore would draw next. Not undone by a rollback, therefore late.
            PERFORM setval('{schema}.messages_seq', _head);
        END IF;
    ELSIF _held_from IS NULL OR _found <> _count OR (_count > 0 AND (_lowest + 1 <> _held_from OR _highest + 1 <> _held_from)) THEN
        _version := NULL;
        _position := NULL;
        _max_count := NULL;
    END IF;

    IF _head <> _expected_head THEN
        UPDATE {schema}.all_stream_head SET position = _head;
    END IF;
END
$$;
