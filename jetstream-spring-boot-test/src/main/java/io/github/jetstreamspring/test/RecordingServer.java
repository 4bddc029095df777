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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.offline.OfflineConnection;
import io.github.jetstreamspring.offline.OfflineServer;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import io.nats.client.support.JsonParser;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.MessageConverter;

/**
 * Takes down what is published, and confirms it. Streams are those that the application
 * would declare, and for all other subjects there is one that takes everything.
 */
final class RecordingServer implements OfflineServer {

	private static final String BATCH = "Nats-Batch-Id";

	private static final String COMMIT = "Nats-Batch-Commit";

	private static final String NO_MESSAGE = "{\"error\":{\"code\":404,\"err_code\":10037,\"description\":\"no message found\"}}";

	private static final String OTHERS = "others";

	private static final long MAX_PAYLOAD = 1024 * 1024;

	private final Supplier<Collection<Topology>> topologies;

	private final Supplier<MessageConverter> converter;

	// Guarded by this, as all below
	private final List<PublishedMessage> published = new ArrayList<>();

	private final Map<String, Long> sequences = new HashMap<>();

	private final Map<String, List<PublishedMessage>> batches = new HashMap<>();

	private long sequence;

	RecordingServer(Supplier<Collection<Topology>> topologies, Supplier<MessageConverter> converter) {
		this.topologies = topologies;
		this.converter = converter;
	}

	@Override
	public byte @Nullable [] take(Message message) {
		String subject = message.getSubject();
		if (subject.startsWith("$JS.ACK.")) {
			// Of a delivery that came from here
			return new byte[0];
		}
		if (subject.startsWith("$JS.API.STREAM.MSG.GET.")) {
			return NO_MESSAGE.getBytes(StandardCharsets.US_ASCII);
		}
		if (subject.startsWith("$JS.")) {
			throw refusal(subject);
		}
		PublishedMessage recorded = PublishedMessage.of(message, this.converter);
		if (message.getReplyTo() == null) {
			// Nobody waits for a confirmation, as of a reply
			synchronized (this) {
				this.published.add(recorded);
			}
			return null;
		}
		String stream = streams(subject).get(0).getConfiguration().getName();
		Headers headers = message.getHeaders();
		String batch = (headers != null) ? headers.getFirst(BATCH) : null;
		String caller = (headers != null) ? headers.getFirst(JetStreamHeaders.REPLY_TO) : null;
		if (caller != null && OfflineConnection.isInbox(caller)) {
			// Nobody replies, and who waits would wait in vain
			store(stream, recorded);
			throw refusal("request");
		}
		return (batch != null) ? hold(batch, stream, recorded, headers.containsKey(COMMIT))
				: store(stream, recorded).getBytes(StandardCharsets.US_ASCII);
	}

	// All or nothing, as the server does
	private synchronized byte[] hold(String batch, String stream, PublishedMessage message, boolean last) {
		List<PublishedMessage> all = this.batches.computeIfAbsent(batch, (id) -> new ArrayList<>());
		all.add(message);
		if (!last) {
			return new byte[0];
		}
		this.batches.remove(batch);
		all.forEach((one) -> store(stream, one));
		return "{\"stream\":\"%s\",\"seq\":%d,\"batch\":\"%s\",\"count\":%d}"
			.formatted(stream, this.sequence, batch, all.size())
			.getBytes(StandardCharsets.US_ASCII);
	}

	private synchronized String store(String stream, PublishedMessage message) {
		String id = message.id();
		Long known = (id != null && message.dueAt() == null) ? this.sequences.get(stream + "/" + id) : null;
		if (known != null) {
			return "{\"stream\":\"%s\",\"seq\":%d,\"duplicate\": true}".formatted(stream, known);
		}
		this.published.add(message);
		this.sequence++;
		if (id != null) {
			this.sequences.put(stream + "/" + id, this.sequence);
		}
		return "{\"stream\":\"%s\",\"seq\":%d}".formatted(stream, this.sequence);
	}

	synchronized List<PublishedMessage> published() {
		return List.copyOf(this.published);
	}

	synchronized void clear() {
		this.published.clear();
		this.sequences.clear();
	}

	// Answers alone come from here
	@Override
	public void subscribed(String subject) {
		if (!subject.startsWith("_INBOX.")) {
			throw refusal("subscribe");
		}
	}

	@Override
	public List<StreamInfo> streams(String subject) {
		for (Topology topology : this.topologies.get()) {
			for (StreamDefinition definition : topology.streams()) {
				StreamConfiguration stream = definition.toConfiguration();
				if (stream.getSubjects().stream().anyMatch((filter) -> SubjectFilters.matches(filter, subject))) {
					return List.of(info(stream));
				}
			}
		}
		return List.of(info(StreamConfiguration.builder()
			.name(OTHERS)
			.subjects(subject)
			.allowMessageSchedules()
			.allowMessageTtl()
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.build()));
	}

	private static StreamInfo info(StreamConfiguration stream) {
		TreeSet<String> subjects = new TreeSet<>(stream.getSubjects());
		if (stream.getAllowMsgSchedules()) {
			// As the application would declare it
			subjects.add(ScheduleSubjects.all(stream.getName()));
		}
		StreamConfiguration declared = StreamConfiguration.builder(stream).subjects(subjects).build();
		try {
			return new StreamInfo(JsonParser
				.parse("{\"config\":%s,\"created\":\"%s\",\"state\":{}}".formatted(declared.toJson(), Instant.EPOCH)));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public RuntimeException refusal(String method) {
		return new UnsupportedOperationException(
				"There is no server in this test, and '%s' of the NATS client needs one. Add @EmbeddedNats to the test class to have one"
					.formatted(method));
	}

	@Override
	public Connection.Status status() {
		return Connection.Status.CONNECTED;
	}

	@Override
	public long maxPayload() {
		return MAX_PAYLOAD;
	}

}
