/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.github.jetstreamspring.wire.GuardedConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Options;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server with a stream, and templates to publish to it.
 */
final class PublishServer {

	static final String STREAM = "orders";

	static final String SUBJECT = "orders.created";

	private final EmbeddedNatsServer server;

	private final Connection connection;

	private final List<JetStreamTemplate> templates = new CopyOnWriteArrayList<>();

	private final Queue<String> observed = new ConcurrentLinkedQueue<>();

	PublishServer(EmbeddedNatsServer server) throws Exception {
		this.server = server;
		this.connection = TestConnections.connect(GuardedConnections.guarded(Options.builder()
			.server(this.server.url())
			.maxReconnects(-1)
			.reconnectWait(Duration.ofMillis(50))
			.build()));
	}

	PublishServer stream(UnaryOperator<StreamConfiguration.Builder> stream) throws Exception {
		management().addStream(stream.apply(StreamConfiguration.builder().name(STREAM).subjects("orders.>")).build());
		return this;
	}

	JetStreamTemplate template() {
		return template(PublisherOptions.DEFAULTS);
	}

	JetStreamTemplate template(PublisherOptions options) {
		return template(this.connection, options);
	}

	/**
	 * Returns a template with a signing key.
	 */
	JetStreamTemplate template(@Nullable String signingKey) {
		JetStreamTemplate template = new JetStreamTemplate(this.connection,
				JetStreamMessageConverters.json(JsonMapper.shared()), PublisherOptions.DEFAULTS,
				(subject, time, result, failure) -> {
				}, () -> true, (signingKey != null) ? SigningKey.of(signingKey) : null);
		this.templates.add(template);
		return template;
	}

	/**
	 * Returns a template on another connection, such as one that loses answers.
	 */
	JetStreamTemplate template(Connection connection, PublisherOptions options) {
		JetStreamTemplate template = new JetStreamTemplate(connection,
				JetStreamMessageConverters.json(JsonMapper.shared()), options,
				(subject, time, result, failure) -> this.observed
					.add((failure != null) ? failure.getClass().getSimpleName() : "stored"));
		this.templates.add(template);
		return template;
	}

	/**
	 * Returns what the observer was told, one entry for each message.
	 */
	List<String> observed() {
		return List.copyOf(this.observed);
	}

	EmbeddedNatsServer server() {
		return this.server;
	}

	Connection connection() {
		return this.connection;
	}

	boolean knows(String version) {
		return this.connection.getServerInfo().isSameOrNewerThanVersion(version);
	}

	JetStreamManagement management() throws Exception {
		return TestConnections.management(this.connection);
	}

	MessageInfo message(long sequence) throws Exception {
		return management().getMessage(STREAM, sequence);
	}

	long count() throws Exception {
		return management().getStreamInfo(STREAM).getStreamState().getMsgCount();
	}

	void close() throws Exception {
		// Without a connection, those that a test has destroyed may be destroyed once
		// more
		this.connection.close();
		this.templates.forEach(JetStreamTemplate::destroy);
		TestStreams.deleteAll(this.server);
	}

}
