-- Instants are microseconds since 1970, UTC: the same number on every database. Amounts are minor units.

CREATE TABLE account (
    account_id      VARCHAR(64) NOT NULL PRIMARY KEY,
    currency        VARCHAR(3),
    overdraft_limit BIGINT,
    opened_at       BIGINT,
    closed_at       BIGINT
);

CREATE TABLE account_balance (
    account_id VARCHAR(64) NOT NULL PRIMARY KEY,
    version    BIGINT      NOT NULL,
    currency   VARCHAR(3)  NOT NULL,
    balance    BIGINT      NOT NULL,
    available  BIGINT      NOT NULL,
    changed_at BIGINT      NOT NULL
);

CREATE TABLE statement_line (
    account_id      VARCHAR(64)  NOT NULL,
    version         BIGINT       NOT NULL,
    event_id        VARCHAR(36)  NOT NULL,
    request_id      VARCHAR(36)  NOT NULL,
    kind            VARCHAR(64)  NOT NULL,
    is_booking      INTEGER      NOT NULL,
    amount          BIGINT       NOT NULL,
    currency        VARCHAR(3)   NOT NULL,
    balance         BIGINT       NOT NULL,
    available       BIGINT       NOT NULL,
    counterparty_id VARCHAR(64),
    transfer_id     VARCHAR(36),
    reservation_id  VARCHAR(36),
    reason          VARCHAR(64),
    occurred_at     BIGINT       NOT NULL,
    recorded_at     BIGINT       NOT NULL,
    requested_by    VARCHAR(100) NOT NULL,
    channel         VARCHAR(50)  NOT NULL,
    purpose         VARCHAR(140),
    PRIMARY KEY (account_id, version)
);

CREATE INDEX statement_line_by_time ON statement_line (account_id, occurred_at, version);

CREATE TABLE ledger_entry (
    account_id     VARCHAR(64) NOT NULL,
    version        BIGINT      NOT NULL,
    leg            INTEGER     NOT NULL,
    ledger_account VARCHAR(80) NOT NULL,
    currency       VARCHAR(3)  NOT NULL,
    amount         BIGINT      NOT NULL,
    occurred_at    BIGINT      NOT NULL,
    PRIMARY KEY (account_id, version, leg)
);

CREATE INDEX ledger_entry_by_account ON ledger_entry (currency, ledger_account);

CREATE TABLE transfer (
    transfer_id      VARCHAR(36) NOT NULL PRIMARY KEY,
    state            INTEGER     NOT NULL,
    payer_account_id VARCHAR(64) NOT NULL,
    payee_account_id VARCHAR(64) NOT NULL,
    amount           BIGINT      NOT NULL,
    currency         VARCHAR(3)  NOT NULL,
    reference        VARCHAR(140),
    reason           VARCHAR(64),
    initiated_at     BIGINT,
    deadline         BIGINT,
    ended_at         BIGINT
);

CREATE INDEX transfer_by_state ON transfer (state, transfer_id);
