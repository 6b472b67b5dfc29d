-- What this gateway has sent, and what became of it. Instants are microseconds since 1970, UTC.

CREATE TABLE request (
    request_id   VARCHAR(36)  NOT NULL PRIMARY KEY,
    fingerprint  VARCHAR(64)  NOT NULL,
    command      VARCHAR(50)  NOT NULL,
    account_id   VARCHAR(64)  NOT NULL,
    transfer_id  VARCHAR(36),
    asked_at     BIGINT       NOT NULL,
    status       VARCHAR(20)  NOT NULL,
    event_type   VARCHAR(64),
    reason       VARCHAR(64),
    version      BIGINT,
    currency     VARCHAR(3),
    balance      BIGINT,
    available    BIGINT,
    decided_at   BIGINT
);
