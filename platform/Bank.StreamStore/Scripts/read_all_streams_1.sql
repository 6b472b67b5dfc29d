-- The streams of a page of the all-stream: their numbers, names and limits of age, in the same order. A statement that asks for the page too sees both at the same moment.
CREATE OR REPLACE FUNCTION {schema}.read_all_streams_1(_from BIGINT, _count INT, _forwards BOOLEAN, OUT _numbers INT[], OUT _names VARCHAR[], OUT _max_ages INT[])
LANGUAGE plpgsql STABLE
-- The plans are made once and must be those that suit a large table, however small it is at that time.
SET plan_cache_mode TO force_generic_plan SET jit TO off SET enable_seqscan TO off SET enable_sort TO off SET enable_bitmapscan TO off
AS $$
BEGIN
    -- An array and no join: each stream is found once, in the order of the index.
    IF _forwards THEN
        SELECT array_agg(s.id_internal), array_agg(s.id_original), array_agg(s.max_age) INTO _numbers, _names, _max_ages
        FROM {schema}.streams s
        WHERE s.id_internal = ANY(ARRAY(SELECT m.stream_id_internal FROM {schema}.messages m WHERE m.position >= _from ORDER BY m.position LIMIT _count));
    ELSE
        SELECT array_agg(s.id_internal), array_agg(s.id_original), array_agg(s.max_age) INTO _numbers, _names, _max_ages
        FROM {schema}.streams s
        WHERE s.id_internal = ANY(ARRAY(SELECT m.stream_id_internal FROM {schema}.messages m WHERE m.position <= _from ORDER BY m.position DESC LIMIT _count));
    END IF;
END
$$;
