-- Days are counted since 1970, UTC. Until now money counted from the day of its recording, and a line was recorded when its event occurred.

ALTER TABLE statement_line ADD COLUMN value_date INTEGER NOT NULL DEFAULT 0;
UPDATE statement_line SET value_date = occurred_at / 86400000000, recorded_at = occurred_at;
CREATE INDEX statement_line_by_value ON statement_line (account_id, value_date, version);

ALTER TABLE ledger_entry ADD COLUMN value_date INTEGER NOT NULL DEFAULT 0;
UPDATE ledger_entry SET value_date = occurred_at / 86400000000;
