-- Begins a group that is written at positions foretold, beside the group before it. Whoever writes otherwise waits until no such group is under way, and those that come later wait for him;
-- so nobody takes the positions meanwhile. Returns whether the group before is under way.
CREATE OR REPLACE FUNCTION {schema}.begin_ahead_1(_foretold BIGINT, _count INT) RETURNS BOOLEAN
LANGUAGE plpgsql
AS $$
DECLARE
    _before CONSTANT BIGINT := {lane} | (_foretold & 4294967295);
BEGIN
    -- Earlier programs know nothing of turns, and may wait for this group while it waits for them. Shorter than the second after which the server would end one of the two.
    PERFORM set_config('lock_timeout', '800', TRUE);
    PERFORM pg_advisory_xact_lock_shared({turn});
    -- Whoever comes next waits for this one.
    PERFORM pg_advisory_xact_lock({lane} | ((_foretold + _count) & 4294967295));
    IF (SELECT h.position FROM {schema}.all_stream_head h) > _foretold THEN
        RAISE 'Others have written meanwhile; the group is written again.' USING ERRCODE = 'BK002';
    END IF;
    IF pg_try_advisory_lock_shared(_before) THEN
        PERFORM pg_advisory_unlock_shared(_before);
        RETURN FALSE;
    END IF;
    RETURN TRUE;
END
$$;
