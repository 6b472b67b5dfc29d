-- A page of the all-stream: messages from a position onwards, or backwards from it, and the age limit of their streams.
CREATE OR REPLACE FUNCTION {schema}.read_all_1(_from BIGINT, _count INT, _forwards BOOLEAN, _prefetch BOOLEAN)
RETURNS TABLE (stream_id VARCHAR, stream_version INT, "position" BIGINT, message_id UUID, created_utc TIMESTAMP, type VARCHAR, json_metadata JSONB, json_data JSONB, max_age INT)
LANGUAGE plpgsql STABLE ROWS 100
-- The plans are made once and must be those that suit a large table, however small it is at that time.
SET plan_cache_mode TO force_generic_plan SET jit TO off SET enable_seqscan TO off SET enable_sort TO off SET enable_hashjoin TO off SET enable_mergejoin TO off SET enable_bitmapscan TO off
AS $$
BEGIN
    IF _forwards THEN
        RETURN QUERY
        SELECT s.id_original, m.stream_version, m.position, m.message_id, m.created_utc, m.type, m.json_metadata, CASE WHEN _prefetch THEN m.json_data END, s.max_age
        FROM (SELECT * FROM {schema}.messages f WHERE f.position >= _from ORDER BY f.position LIMIT _count) m
        JOIN {schema}.streams s ON s.id_internal = m.stream_id_internal;
    ELSE
        RETURN QUERY
        SELECT s.id_original, m.stream_version, m.position, m.message_id, m.created_utc, m.type, m.json_metadata, CASE WHEN _prefetch THEN m.json_data END, s.max_age
        FROM (SELECT * FROM {schema}.messages f WHERE f.position <= _from ORDER BY f.position DESC LIMIT _count) m
        JOIN {schema}.streams s ON s.id_internal = m.stream_id_internal;
    END IF;
END
$$;
