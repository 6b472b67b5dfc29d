-- Ends an append in which something is not as in the usual case.
CREATE OR REPLACE FUNCTION {schema}.not_as_expected_1() RETURNS INT
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE 'A stream is not at the version that an append expects; the store looks closer and tries again.' USING ERRCODE = 'BK001';
END
$$;
