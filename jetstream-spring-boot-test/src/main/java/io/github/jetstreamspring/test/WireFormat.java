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

package io.github.jetstreamspring.test;

import java.util.List;
import java.util.function.Supplier;

import io.github.jetstreamspring.listener.DetachedContent;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.offline.OfflineConnection;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.MessageBuilder;
import io.github.jetstreamspring.publisher.PayloadWriter;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublisherOptions;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.messaging.converter.MessageConverter;

/**
 * Makes messages as they are on the wire, as an application does that publishes them:
 * with a template of its own, whose server takes them down.
 */
final class WireFormat implements DisposableBean {

	private final Supplier<PayloadWriter> payloads;

	private final RecordingServer server;

	private final Connection connection;

	// Guarded by this
	private @Nullable JetStreamTemplate template;

	WireFormat(Supplier<MessageConverter> converter, Supplier<PayloadWriter> payloads) {
		this.payloads = payloads;
		this.server = new RecordingServer(List::of, converter);
		this.connection = OfflineConnection.to(this.server);
	}

	/**
	 * Makes a message.
	 * @param payload its payload; {@code byte[]} are those of a publisher that may be
	 * anybody
	 * @param subject its subject
	 * @param settings what else is said about it
	 */
	DetachedContent write(Object payload, String subject, MessageSettings settings) {
		if (payload instanceof byte[] bytes) {
			HeaderFields headers = new HeaderFields(settings.headers().toHeaders());
			String id = settings.id();
			return content(subject, ((id != null) ? headers.put("Nats-Msg-Id", id) : headers).toHeaders(),
					bytes.clone(), settings);
		}
		PublishedMessage published = publish(payload, subject, settings);
		HeaderFields headers = new HeaderFields();
		published.headers().forEach(headers::put);
		return content(subject, headers.toHeaders(), published.payload(), settings);
	}

	private synchronized PublishedMessage publish(Object payload, String subject, MessageSettings settings) {
		MessageBuilder message = template().message(payload).to(subject);
		settings.headers()
			.toHeaders()
			.forEach((name, values) -> values.forEach((value) -> message.header(name, value)));
		if (settings.id() != null) {
			message.id(settings.id());
		}
		this.server.clear();
		message.publish();
		return this.server.published().get(0);
	}

	private JetStreamTemplate template() {
		if (this.template == null) {
			this.template = new JetStreamTemplate(this.connection, this.payloads.get(), PublisherOptions.DEFAULTS,
					PublishObserver.NONE, () -> true, null);
		}
		return this.template;
	}

	private static DetachedContent content(String subject, Headers headers, byte[] payload, MessageSettings settings) {
		return new DetachedContent(subject, headers, payload, settings.attempt(), settings.timestamp());
	}

	@Override
	public synchronized void destroy() throws Exception {
		if (this.template != null) {
			this.template.destroy();
		}
		this.connection.close();
	}

}
