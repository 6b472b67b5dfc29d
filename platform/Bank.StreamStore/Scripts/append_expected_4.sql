-- Appends a group in the usual case: every stream is there, without a limit, at the version that its append expects, and in the group once; no id is known to its stream.
-- Versions follow from the arguments then, and positions from _head, the position before the first message. Else it fails, and nothing is written.
-- Streams are numbered from 1 in _keys; _internals: their numbers in the table as far as the caller remembers them, null for the others, which are looked up and told in _found;
-- a wrong one does no harm. _reached: the version after the append; _ends: the number of its last message in the group.
-- _appends and _versions say of each message where it belongs. These four are null where each append has one message.
-- _foretold: where the group begins, when it is written ahead, beside the group before it, which ends there; null for a group that begins where the head is.
-- A group that is written ahead waits for the commit of the group before it, as long as its turn can still come; then it fails with the state BK002.
-- Planned once, by the settings of its session: PostgresAppends has those under which the plans suit a large table.
CREATE OR REPLACE FUNCTION {schema}.append_expected_4(
    _keys CHAR(42)[], _internals INT[], _expected INT[], _reached INT[], _ends INT[],
    _appends INT[], _versions INT[], _ids UUID[], _types VARCHAR[], _data JSONB[], _metadata JSONB[],
    _created TIMESTAMP, _foretold BIGINT,
    OUT _head BIGINT, OUT _found INT[])
LANGUAGE plpgsql
AS $$
DECLARE
    _changed INT;
    _drawn BIGINT;
    _has_begun BOOLEAN;
BEGIN
    IF _foretold IS NULL THEN
        PERFORM pg_advisory_xact_lock({turn});
        -- Held to the commit, so positions come in the order of commits.
        UPDATE {schema}.all_stream_head SET position = position + cardinality(_ids) RETURNING position - cardinality(_ids) INTO STRICT _head;
    ELSE
        _has_begun := {schema}.begin_ahead_1(_foretold, cardinality(_ids));
        _head := _foretold;
    END IF;
    -- Where SqlStreamStore writes too, the position is not known before its sequence is asked.
    IF to_regproc('{schema}.append_to_stream') IS NOT NULL THEN
        PERFORM {schema}.not_as_expected_1();
    END IF;

    IF array_position(_internals, NULL) IS NOT NULL THEN
        SELECT array_agg(COALESCE(k.internal, (SELECT s.id_internal FROM {schema}.streams s WHERE s.id = k.key)) ORDER BY k.number) INTO _found
        FROM unnest(_keys, _internals) WITH ORDINALITY AS k (key, internal, number);
        _internals := _found;
    END IF;

    -- Compared in a way for which no index serves, so that the shorter index, that of the number, is used.
    UPDATE {schema}.streams s SET version = COALESCE(k.reached, k.expected + 1), position = _head + COALESCE(k.last, k.number)
    FROM unnest(_keys, _internals, _expected, _reached, _ends) WITH ORDINALITY AS k (key, internal, expected, reached, last, number)
    WHERE s.id_internal = k.internal AND (s.id = k.key) IS TRUE AND s.version = k.expected AND s.max_count IS NULL;
    GET DIAGNOSTICS _changed = ROW_COUNT;
    IF _changed <> cardinality(_keys) THEN
        PERFORM {schema}.not_as_expected_1();
    END IF;

    INSERT INTO {schema}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata)
    SELECT _internals[COALESCE(i.append, i.number)], COALESCE(i.version, _expected[i.number] + 1), _head + i.number, i.id, _created, i.type, i.data, i.metadata
    FROM unnest(_appends, _versions, _ids, _types, _data, _metadata) WITH ORDINALITY AS i (append, version, id, type, data, metadata, number);
    IF _foretold IS NOT NULL THEN
        PERFORM {schema}.end_ahead_1(_foretold, cardinality(_ids), _has_begun);
    END IF;
    -- What SqlStreamStore would draw next. Not undone by a rollback, therefore last.
    _drawn := setval('{schema}.messages_seq', _head + cardinality(_ids));
END
$$;
