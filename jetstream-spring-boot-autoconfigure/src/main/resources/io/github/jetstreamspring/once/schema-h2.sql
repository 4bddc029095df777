CREATE TABLE IF NOT EXISTS jetstream_handled (
	listener VARCHAR(255) NOT NULL,
	message VARCHAR(255) NOT NULL,
	handled_at BIGINT NOT NULL,
	CONSTRAINT jetstream_handled_pk PRIMARY KEY (listener, message)
);

CREATE INDEX IF NOT EXISTS jetstream_handled_at ON jetstream_handled (handled_at);
