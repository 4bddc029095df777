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

package io.github.jetstreamspring.deadletter;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.ServerNames;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * The consumers that letters can be redriven to, and their lanes, which are made when
 * they are needed first.
 */
final class RedriveTargets {

	private static final int NO_STREAM = 10059;

	private static final int NO_CONSUMER = 10014;

	// For somebody to start a redrive again that has crashed
	private static final Duration DUPLICATE_WINDOW = Duration.ofHours(1);

	private static final Duration MIN_ACK_WAIT = Duration.ofSeconds(30);

	private final Connection connection;

	private final RedriveLane lane;

	private final boolean createsStreams;

	RedriveTargets(Connection connection, RedriveLane lane, boolean createsStreams) {
		this.connection = connection;
		this.lane = lane;
		this.createsStreams = createsStreams;
	}

	/**
	 * Starts to look, once for each consumer.
	 */
	Looks look() {
		return new Looks();
	}

	/**
	 * Returns the stream of the lanes, which is created if there is none.
	 * @throws IllegalStateException if there is none, or it can't be used
	 */
	StreamInfo stream() {
		try {
			StreamInfo found = find(this.lane.stream());
			StreamInfo info = (found != null) ? found : create();
			StreamConfiguration configuration = info.getConfiguration();
			if (configuration.getRetentionPolicy() != RetentionPolicy.WorkQueue
					|| configuration.getSubjects().stream().noneMatch(this.lane.subjects()::equals)) {
				throw new IllegalStateException(
						"Nothing can be redriven: stream '%s' must have the subject '%s' and retention 'workqueue', but has %s and '%s'. Change it, or delete it to have it created"
							.formatted(this.lane.stream(), this.lane.subjects(), configuration.getSubjects(),
									configuration.getRetentionPolicy()));
			}
			return info;
		}
		catch (IOException | JetStreamApiException ex) {
			throw new IllegalStateException("Nothing can be redriven, as stream '%s' can't be looked up: %s"
				.formatted(this.lane.stream(), ex.getMessage()), ex);
		}
	}

	/**
	 * Checks that the stream of the lanes is still the same.
	 * @param before the stream before
	 * @throws JetStreamException if it isn't, or the server can't be asked
	 */
	void checkSame(StreamInfo before) {
		StreamInfo now;
		try {
			now = find(this.lane.stream());
		}
		catch (IOException | JetStreamApiException ex) {
			throw new JetStreamException(
					"Stream '%s' can't be looked up: %s".formatted(this.lane.stream(), ex.getMessage()), ex);
		}
		if (now == null || !now.getCreateTime().equals(before.getCreateTime())) {
			throw new JetStreamException(
					"Stream '%s' was deleted or made again meanwhile, with what was on its way: redrive again what is still among the dead letters"
						.formatted(this.lane.stream()),
					null);
		}
	}

	private @Nullable StreamInfo find(String stream) throws IOException, JetStreamApiException {
		try {
			return Inquiry.ask(this.connection, "$JS.API.STREAM.INFO." + stream,
					(management) -> management.getStreamInfo(stream));
		}
		catch (JetStreamApiException ex) {
			if (ex.getApiErrorCode() == NO_STREAM) {
				return null;
			}
			throw ex;
		}
	}

	private StreamInfo create() throws IOException, JetStreamApiException {
		if (!this.createsStreams) {
			throw new IllegalStateException(
					"Nothing can be redriven without stream '%s', which this application may not create. Create it with the subject '%s' and retention 'workqueue'"
						.formatted(this.lane.stream(), this.lane.subjects()));
		}
		StreamInfo letters = find(this.lane.deadLetterStream());
		StreamConfiguration.Builder builder = StreamConfiguration.builder()
			.name(this.lane.stream())
			.description("Redriven dead letters on their way to the consumers that gave up on them")
			.subjects(this.lane.subjects())
			.retentionPolicy(RetentionPolicy.WorkQueue)
			.duplicateWindow(DUPLICATE_WINDOW);
		if (letters != null) {
			// As safe as they were, and where they were
			builder.storageType(letters.getConfiguration().getStorageType())
				.replicas(letters.getConfiguration().getReplicas())
				.placement(letters.getConfiguration().getPlacement())
				.compressionOption(letters.getConfiguration().getCompressionOption());
		}
		return Inquiry.ask(this.connection, "$JS.API.STREAM.CREATE." + this.lane.stream(),
				(management) -> management.addStream(builder.build()));
	}

	/**
	 * Looks at consumers.
	 */
	final class Looks {

		private final Map<String, Target> targets = new HashMap<>();

		/**
		 * Returns why a letter can't be redriven. Waits for the server.
		 * @return a sentence, or {@code null} if it can be
		 */
		@Nullable String obstacle(LetterHeaders letter) {
			String stream = letter.originalStream();
			String consumer = letter.consumer();
			String subject = letter.originalSubject();
			if (stream == null || consumer == null || subject == null) {
				return "It doesn't say which consumer has given up on it: no listener has written it";
			}
			// Who may publish to some subjects of the stream must not speak for others
			if (!ServerNames.isName(stream) || !ServerNames.isName(consumer)
					|| !letter.subject().equals(RedriveTargets.this.lane.letters(stream, consumer))) {
				return "Its subject '%s' is not that of a dead letter of consumer '%s' of stream '%s': no listener has written it"
					.formatted(letter.subject(), consumer, stream);
			}
			if (letter.get(JetStreamHeaders.DEAD_LETTER_RAW_HEADERS) != null
					|| letter.get(JetStreamHeaders.DEAD_LETTER_RAW_SUBJECT) != null) {
				return "Its headers or its subject can't be read, so that no handler would get it";
			}
			return target(stream, consumer).obstacle(subject);
		}

		private Target target(String stream, String consumer) {
			return this.targets.computeIfAbsent(stream + "." + consumer,
					(absent) -> RedriveTargets.this.target(stream, consumer));
		}

		/**
		 * Makes the lane of a letter's consumer.
		 * @throws IllegalStateException if it can't be made
		 */
		void open(LetterHeaders letter) {
			String stream = String.valueOf(letter.originalStream());
			String consumer = String.valueOf(letter.consumer());
			Target target = target(stream, consumer);
			if (!target.open) {
				openLane(stream, consumer, target);
				target.open = true;
			}
		}

	}

	private Target target(String stream, String consumer) {
		try {
			StreamInfo info = find(stream);
			if (info == null) {
				return new Target("Its stream '%s' is gone".formatted(stream));
			}
			ConsumerConfiguration found = Inquiry
				.ask(this.connection, "$JS.API.CONSUMER.INFO." + stream + "." + consumer,
						(management) -> management.getConsumerInfo(stream, consumer))
				.getConsumerConfiguration();
			if (found.getDeliverSubject() != null || found.getAckPolicy() != AckPolicy.Explicit) {
				return new Target(
						"Consumer '%s' of stream '%s' is not one that listeners can work for any more: it must be a pull consumer with explicit acks"
							.formatted(consumer, stream));
			}
			return new Target(info.getConfiguration(), found);
		}
		catch (JetStreamApiException ex) {
			return new Target((ex.getApiErrorCode() == NO_CONSUMER)
					? "Consumer '%s' of stream '%s' is gone".formatted(consumer, stream)
					: unknown(stream, consumer, ex.getMessage()));
		}
		catch (IOException ex) {
			return new Target(unknown(stream, consumer, ex.getMessage()));
		}
	}

	private static String unknown(String stream, String consumer, @Nullable String why) {
		return "Consumer '%s' of stream '%s' can't be looked at: %s".formatted(consumer, stream, why);
	}

	private void openLane(String stream, String consumer, Target target) {
		ConsumerConfiguration served = target.consumer;
		Duration ackWait = (served != null) ? served.getAckWait() : null;
		ConsumerConfiguration configuration = ConsumerConfiguration.builder()
			.durable(RedriveLane.consumer(stream, consumer))
			.description("Redriven messages for consumer '%s' of stream '%s'".formatted(consumer, stream))
			.filterSubject(this.lane.filter(stream, consumer))
			.ackPolicy(AckPolicy.Explicit)
			.ackWait((ackWait != null && ackWait.compareTo(MIN_ACK_WAIT) > 0) ? ackWait : MIN_ACK_WAIT)
			.maxAckPending((served != null) ? served.getMaxAckPending() : -1)
			.maxDeliver(-1)
			.build();
		try {
			Inquiry.ask(this.connection,
					"$JS.API.CONSUMER.CREATE.%s.%s.%s".formatted(this.lane.stream(), configuration.getDurable(),
							configuration.getFilterSubject()),
					(management) -> management.addOrUpdateConsumer(this.lane.stream(), configuration));
		}
		catch (IOException | JetStreamApiException ex) {
			throw new IllegalStateException("Nothing can be redriven to consumer '%s' of stream '%s': %s"
				.formatted(consumer, stream, ex.getMessage()), ex);
		}
	}

	/**
	 * A consumer, as far as something can be redriven to it.
	 */
	private static final class Target {

		private final @Nullable String obstacle;

		private final @Nullable StreamConfiguration stream;

		private final @Nullable ConsumerConfiguration consumer;

		private boolean open;

		Target(String obstacle) {
			this.obstacle = obstacle;
			this.stream = null;
			this.consumer = null;
		}

		Target(StreamConfiguration stream, ConsumerConfiguration consumer) {
			this.obstacle = null;
			this.stream = stream;
			this.consumer = consumer;
		}

		@Nullable String obstacle(String subject) {
			if (this.obstacle != null || this.stream == null || this.consumer == null) {
				return this.obstacle;
			}
			List<String> filters = this.consumer.getFilterSubjects();
			if (filters != null && !filters.isEmpty() && !isAmong(filters, subject)) {
				return "Consumer '%s' of stream '%s' gets no messages with the subject '%s' any more, only %s"
					.formatted(this.consumer.getDurable(), this.stream.getName(), subject, filters);
			}
			// Elsewhere messages have other subjects than they were published to
			boolean own = this.stream.getMirror() == null && this.stream.getSubjectTransform() == null
					&& (this.stream.getSources() == null || this.stream.getSources().isEmpty());
			if (own && !isAmong(this.stream.getSubjects(), subject)) {
				return "Stream '%s' has no messages with the subject '%s' any more, only %s"
					.formatted(this.stream.getName(), subject, this.stream.getSubjects());
			}
			return null;
		}

		private static boolean isAmong(List<String> patterns, String subject) {
			return patterns.stream().anyMatch((pattern) -> SubjectPatterns.matches(pattern, subject));
		}

	}

}
