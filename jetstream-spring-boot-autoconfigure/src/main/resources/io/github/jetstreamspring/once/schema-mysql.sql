CREATE TABLE IF NOT EXISTS jetstream_handled (
	listener VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	message VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
	handled_at BIGINT NOT NULL,
	PRIMARY KEY (listener, message),
	INDEX jetstream_handled_at (handled_at)
) ENGINE=InnoDB;
