-- The account because of which a transfer failed; null when that was neither of its two, and for everything else.

ALTER TABLE request ADD COLUMN refusing_account_id VARCHAR(64);
