-- A page of one stream: one row per message, each with the stream's head; one row without a message for a stream that has none to show; no row for none.
-- Of a message that is archived, archived_in names the segment that has data and metadata.
CREATE OR REPLACE FUNCTION {schema}.read_stream_2(_key CHAR(42), _from INT, _count INT, _forwards BOOLEAN, _prefetch BOOLEAN)
RETURNS TABLE (stream_version INT, "position" BIGINT, message_id UUID, created_utc TIMESTAMP, type VARCHAR, json_metadata JSONB, json_data JSONB, max_age INT, head_version INT, head_position BIGINT, archived_in BIGINT)
LANGUAGE plpgsql STABLE ROWS 100
-- The plans are made once and must be those that suit a large table, however small it is at that time.
SET plan_cache_mode TO force_generic_plan SET jit TO off SET enable_seqscan TO off SET enable_sort TO off SET enable_hashjoin TO off SET enable_mergejoin TO off SET enable_bitmapscan TO off
AS $$
BEGIN
    IF _forwards THEN
        RETURN QUERY
        SELECT m.stream_version, m.position, m.message_id, m.created_utc, m.type, m.json_metadata, CASE WHEN _prefetch THEN m.json_data END, s.max_age, s.version, s.position, m.archived_in
        FROM {schema}.streams s
        LEFT JOIN LATERAL (
            SELECT * FROM {schema}.messages f WHERE f.stream_id_internal = s.id_internal AND f.stream_version >= _from ORDER BY f.stream_version LIMIT _count) m ON TRUE
        WHERE s.id = _key;
    ELSE
        RETURN QUERY
        SELECT m.stream_version, m.position, m.message_id, m.created_utc, m.type, m.json_metadata, CASE WHEN _prefetch THEN m.json_data END, s.max_age, s.version, s.position, m.archived_in
        FROM {schema}.streams s
        LEFT JOIN LATERAL (
            SELECT * FROM {schema}.messages f WHERE f.stream_id_internal = s.id_internal AND f.stream_version <= _from ORDER BY f.stream_version DESC LIMIT _count) m ON TRUE
        WHERE s.id = _key;
    END IF;
END
$$;
