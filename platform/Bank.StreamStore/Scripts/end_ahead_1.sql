-- Takes the head row for a group that is written at positions foretold, when the group before it has committed.
-- _has_begun: whether the group before has been seen under way.
CREATE OR REPLACE FUNCTION {schema}.end_ahead_1(_foretold BIGINT, _count INT, _has_begun BOOLEAN) RETURNS VOID
LANGUAGE plpgsql
AS $$
DECLARE
    _before CONSTANT BIGINT := {lane} | (_foretold & 4294967295);
BEGIN
    FOR _attempt IN 1 .. 50 LOOP
        -- Held by the group before, to its end. Let go at once: that group may come to take it later than this one.
        IF NOT pg_try_advisory_lock_shared(_before) THEN
            PERFORM pg_advisory_lock_shared(_before);
            _has_begun := TRUE;
        END IF;
        PERFORM pg_advisory_unlock_shared(_before);
        UPDATE {schema}.all_stream_head SET position = position + _count WHERE position = _foretold;
        IF FOUND THEN
            RETURN;
        END IF;
        -- It has failed. One that has not begun may yet come.
        EXIT WHEN _has_begun;
        PERFORM pg_sleep(0.001);
    END LOOP;
    RAISE 'The group before did not come; the group is written again.' USING ERRCODE = 'BK002';
END
$$;
