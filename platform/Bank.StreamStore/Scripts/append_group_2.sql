-- Appends a group: every append of it with an outcome of its own, all in the one transaction that the call is.
-- Streams are numbered from 1 in _keys, appends from 1 in _streams; _appends and _ordinals say which message belongs where.
-- No two appends of a group carry the same id for the same stream.
-- _versions: the stream's version after the append, null for a wrong expected version. _positions: its newest position.
-- _max_counts: the limit of the stream, if it has one.
CREATE OR REPLACE FUNCTION {schema}.append_group_2(
    _keys CHAR(42)[], _names VARCHAR[], _metadata_keys CHAR(42)[],
    _streams INT[], _expected INT[], _counts INT[],
    _appends INT[], _ordinals INT[], _ids UUID[], _types VARCHAR[], _data JSONB[], _metadata JSONB[],
    _created TIMESTAMP,
    OUT _versions INT[], OUT _positions BIGINT[], OUT _max_counts INT[])
LANGUAGE plpgsql
-- The plans are made once and must be those that suit a large table, however small it is at that time.
SET plan_cache_mode TO force_generic_plan SET jit TO off SET enable_seqscan TO off SET enable_hashjoin TO off SET enable_mergejoin TO off
AS $$
DECLARE
    _any CONSTANT INT := -2;
    _no_stream CONSTANT INT := -3;
    _head BIGINT;
    _head_before BIGINT;
    _head_expected BIGINT;
    _internals INT[];
    _at INT[];
    _last BIGINT[];
    _limits INT[];
    _known RECORD;
    _created_row RECORD;
    _known_counts INT[];
    _known_lowest INT[];
    _known_highest INT[];
    _base_versions INT[];
    _base_positions BIGINT[];
    _stream INT;
    _version INT;
    _count INT;
    _is_new BOOLEAN;
    _held_from INT;
    _found INT;
    _drawn BIGINT;
BEGIN
    PERFORM pg_advisory_xact_lock({turn});
    -- Held to the commit, so positions come in the order of commits.
    UPDATE {schema}.all_stream_head SET position = position + cardinality(_ids) RETURNING position - cardinality(_ids) INTO STRICT _head;
    _head_expected := _head + cardinality(_ids);
    -- Where SqlStreamStore writes too, it draws its positions from the sequence.
    IF to_regproc('{schema}.append_to_stream') IS NOT NULL THEN
        SELECT GREATEST(_head, (SELECT MAX(m.position) FROM {schema}.messages m), CASE WHEN q.is_called THEN q.last_value ELSE q.last_value - 1 END)
        INTO _head FROM {schema}.messages_seq q;
    END IF;
    _head_before := _head;

    SELECT array_agg(o.id_internal), array_agg(o.version), array_agg(o.position), array_agg(o.max_count)
    INTO _internals, _at, _last, _limits
    FROM (
        SELECT s.id_internal, s.version, s.position, s.max_count
        FROM unnest(_keys) WITH ORDINALITY AS k (key, number) LEFT JOIN {schema}.streams s ON s.id = k.key
        ORDER BY k.number) o;

    FOR _known IN
        SELECT i.append, COUNT(*) AS count, MIN(m.stream_version - i.ordinal) AS lowest, MAX(m.stream_version - i.ordinal) AS highest
        FROM unnest(_appends, _ordinals, _ids) AS i (append, ordinal, id)
        JOIN {schema}.messages m ON m.stream_id_internal = _internals[_streams[i.append]] AND m.message_id = i.id
        GROUP BY i.append
    LOOP
        _known_counts[_known.append] := _known.count;
        _known_lowest[_known.append] := _known.lowest;
        _known_highest[_known.append] := _known.highest;
    END LOOP;

    FOR _append IN 1 .. cardinality(_streams) LOOP
        _stream := _streams[_append];
        _version := _at[_stream];
        _count := _counts[_append];
        _found := COALESCE(_known_counts[_append], 0);
        -- Either the append goes to the end, or it must be there already, from the version that it expects.
        _is_new := FALSE;
        _held_from := NULL;
        CASE
            WHEN _expected[_append] = _any THEN
                IF _found = 0 THEN _is_new := TRUE; ELSE _held_from := _known_lowest[_append]; END IF;
            WHEN _expected[_append] = _no_stream THEN
                IF _version IS NULL THEN _is_new := TRUE; ELSE _held_from := 0; END IF;
            WHEN _version IS NULL OR _expected[_append] > _version THEN
                NULL;
            WHEN _expected[_append] = _version THEN
                _is_new := _found = 0;
            ELSE
                _held_from := _expected[_append] + 1;
        END CASE;

        IF _is_new THEN
            IF _version IS NULL THEN
                INSERT INTO {schema}.streams (id, id_original, max_age, max_count)
                SELECT _keys[_stream], _names[_stream], (m.json_data ->> 'MaxAge')::INT, (m.json_data ->> 'MaxCount')::INT
                FROM (SELECT _metadata_keys[_stream] AS key) k
                LEFT JOIN {schema}.streams s ON s.id = k.key
                LEFT JOIN {schema}.messages m ON m.stream_id_internal = s.id_internal AND m.stream_version = s.version
                RETURNING id_internal, max_count INTO STRICT _created_row;
                _internals[_stream] := _created_row.id_internal;
                _limits[_stream] := _created_row.max_count;
                _version := -1;
                _last[_stream] := -1;
            END IF;
            _base_versions[_append] := _version + 1;
            _base_positions[_append] := _head + 1;
            _head := _head + _count;
            _at[_stream] := _version + _count;
            IF _count > 0 THEN _last[_stream] := _head; END IF;
        END IF;

        IF _is_new OR (_held_from IS NOT NULL AND _found = _count
                       AND (_count = 0 OR (_known_lowest[_append] = _held_from AND _known_highest[_append] = _held_from))) THEN
            _versions[_append] := _at[_stream];
            _positions[_append] := _last[_stream];
            _max_counts[_append] := _limits[_stream];
        ELSE
            _versions[_append] := NULL;
            _positions[_append] := NULL;
            _max_counts[_append] := NULL;
        END IF;
    END LOOP;

    IF _head > _head_before THEN
        -- Before the messages, whose foreign keys then find the rows locked already.
        UPDATE {schema}.streams s SET version = _at[k.number], position = _last[k.number]
        FROM unnest(_internals) WITH ORDINALITY AS k (internal, number)
        WHERE s.id_internal = k.internal AND s.version < _at[k.number];

        INSERT INTO {schema}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata)
        SELECT _internals[_streams[i.append]], _base_versions[i.append] + i.ordinal, _base_positions[i.append] + i.ordinal,
               i.id, _created, i.type, i.data, i.metadata
        FROM unnest(_appends, _ordinals, _ids, _types, _data, _metadata) AS i (append, ordinal, id, type, data, metadata)
        WHERE _base_versions[i.append] IS NOT NULL;
        -- What SqlStreamStore would draw next. Not undone by a rollback, therefore last.
        _drawn := setval('{schema}.messages_seq', _head);
    END IF;
    IF _head <> _head_expected THEN
        UPDATE {schema}.all_stream_head SET position = _head;
    END IF;
END
$$;
