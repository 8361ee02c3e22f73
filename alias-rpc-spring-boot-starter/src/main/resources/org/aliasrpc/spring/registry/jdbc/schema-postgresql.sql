CREATE TABLE IF NOT EXISTS alias_rpc_alias (
    alias             VARCHAR(1000)               NOT NULL PRIMARY KEY,
    target_public_key VARCHAR(52)                 NOT NULL,
    hostname          VARCHAR(255)                NOT NULL,
    service           VARCHAR(255)                NOT NULL,
    first_seen        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    last_seen         TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    owner_public_key  VARCHAR(52)                 NOT NULL,
    connection_uid    VARCHAR(36)                 NOT NULL,
    expiry_told_by    VARCHAR(36),
    version           BIGINT                      NOT NULL
);
