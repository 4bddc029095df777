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

package io.github.jetstreamspring.listener;

import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.listener.ConsumerUnavailableException.Kind;
import io.github.jetstreamspring.messaging.Inquiry;
import io.github.jetstreamspring.messaging.ReportedViolations;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.ConsumerInfo;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds a listener's consumer on the server, and has it declared again when it is gone.
 * All methods wait for the server.
 */
final class ConsumerFinder {

	private static final Log logger = LogFactory.getLog(ConsumerFinder.class);

	// Short at first, as a question to a leader that has just gone is never answered, and
	// longer for servers that are far away
	private static final List<JetStreamOptions> PATIENCE = List.of(patience(500), patience(1000), patience(2000));

	private static final int NOT_FOUND = 404;

	// Some answers may be lost with a leader that goes
	private static final int SUSPICIOUS = 3;

	private final ListenerDefinition definition;

	private final Connection connection;

	private final ConsumerRecovery recovery;

	private final ConnectionRepair repair;

	private final FoundStreams streams;

	private final ConsumerCheck check;

	private final ConsumerRemarks remarks;

	private int unanswered;

	private @Nullable ZonedDateTime consumerCreated;

	private @Nullable ZonedDateTime streamCreated;

	private boolean toldForbidden;

	// How long failing messages stay in the stream, null if nobody knows
	private volatile @Nullable Duration maxAge;

	ConsumerFinder(ListenerDefinition definition, ListenerEnvironment environment) {
		this.definition = definition;
		this.connection = environment.connection();
		this.recovery = environment.recovery();
		this.repair = environment.repair();
		this.streams = environment.streams();
		this.check = new ConsumerCheck(definition);
		this.remarks = new ConsumerRemarks(definition, this.recovery, this.check);
	}

	/**
	 * Finds the consumer, even if the server takes some time to answer.
	 * @return the consumer, which the listener can use
	 * @throws ConsumerUnavailableException if there is none that can be used
	 */
	FoundConsumer findPatiently() throws ConsumerUnavailableException {
		this.remarks.begin();
		for (int attempt = 1;; attempt++) {
			try {
				return find();
			}
			catch (ConsumerUnavailableException ex) {
				if (ex.kind() != Kind.UNREACHABLE || attempt == SUSPICIOUS) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Finds the consumer.
	 * @return the consumer, which the listener can use
	 * @throws ConsumerUnavailableException if there is none that can be used
	 */
	FoundConsumer find() throws ConsumerUnavailableException {
		throwIf(this.check.problem(this.connection.getServerInfo()));
		long asked = System.nanoTime();
		ConsumerInfo info = readOrRecover();
		throwIf(this.check.problem(info.getConsumerConfiguration()));
		this.remarks.look(info.getConsumerConfiguration());
		return FoundConsumer.of(info, streamReplaced(info), asked);
	}

	/**
	 * Returns what is surprising about the consumer that was found last.
	 * @return the remarks, or {@code null} if there are none
	 */
	@Nullable String remarks() {
		return this.remarks.current();
	}

	/**
	 * Warns of settings of the listener that don't go with those of the consumer.
	 * @param found the consumer
	 */
	void warn(FoundConsumer found) {
		for (String advice : ListenerAdvice.of(this.definition, found.configuration(), this.maxAge)) {
			logger.warn("Listener '%s': %s".formatted(this.definition.id(), advice));
		}
	}

	private static JetStreamOptions patience(long millis) {
		return JetStreamOptions.builder().requestTimeout(Duration.ofMillis(millis)).build();
	}

	private ConsumerInfo readOrRecover() throws ConsumerUnavailableException {
		try {
			return read();
		}
		catch (ConsumerUnavailableException ex) {
			if (ex.kind() != Kind.MISSING) {
				throw ex;
			}
		}
		recover();
		return read();
	}

	private synchronized ConsumerInfo read() throws ConsumerUnavailableException {
		JetStreamOptions patience = PATIENCE.get(Math.min(this.unanswered, PATIENCE.size() - 1));
		int before = this.unanswered;
		this.unanswered = 0;
		ReportedViolations violations = new ReportedViolations(this.connection);
		try {
			return this.connection.jetStreamManagement(patience)
				.getConsumerInfo(this.definition.stream(), this.definition.consumer());
		}
		catch (JetStreamApiException ex) {
			if (ex.getErrorCode() == NOT_FOUND) {
				throw new ConsumerUnavailableException(Kind.MISSING, describe(
						"%s. Create it on the server, or let the application declare it, under jetstream.streams.<stream>.consumers (below jetstream.connections.<name> for a named connection) with jetstream.topology.mode update or create, or by the 'subjects' of @JetStreamListener"
							.formatted(ex.getMessage())),
						ex);
			}
			throw new ConsumerUnavailableException(Kind.UNREACHABLE, describe(ex.getMessage()), ex);
		}
		catch (IOException | IllegalStateException ex) {
			this.unanswered = before + 1;
			if (this.unanswered >= SUSPICIOUS) {
				this.repair.notAnswered(this.definition.stream(), this.definition.consumer());
			}
			throw unanswered(violations, ex);
		}
	}

	private ConsumerUnavailableException unanswered(ReportedViolations violations, Exception failure) {
		String question = ".API.CONSUMER.INFO.%s.%s".formatted(this.definition.stream(), this.definition.consumer());
		Exception cause = violations.ofQuestion(question)
			.<Exception>map(Inquiry.ForbiddenException::new)
			.orElse(failure);
		String why = (cause != failure) ? cause.getMessage()
				: "the server doesn't answer. Check that it runs with JetStream, that its cluster has a leader, and that the user of the connection may publish to '$JS%s' and subscribe to its inbox"
					.formatted(question);
		return new ConsumerUnavailableException(Kind.UNREACHABLE, describe(why), cause);
	}

	private void recover() throws ConsumerUnavailableException {
		try {
			this.recovery.recover(this.definition.stream(), this.definition.consumer());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ConsumerUnavailableException(Kind.MISSING, describe("interrupted"), ex);
		}
		catch (Throwable thrown) {
			// A customizer's, perhaps
			Throwable ex = Failures.readable(thrown);
			throw new ConsumerUnavailableException(Kind.MISSING,
					describe("it is gone and can't be declared again: " + ex.getMessage()), ex);
		}
	}

	/**
	 * Tells whether the stream is another one than before. Who may not read it, and whose
	 * consumer is another one, has to assume so.
	 */
	private synchronized boolean streamReplaced(ConsumerInfo info) {
		ZonedDateTime created = info.getCreationTime();
		if (Objects.equals(created, this.consumerCreated)) {
			return false;
		}
		boolean first = this.consumerCreated == null;
		ZonedDateTime before = this.streamCreated;
		this.consumerCreated = created;
		this.streamCreated = streamCreated();
		return !first && (before == null || !before.equals(this.streamCreated));
	}

	private @Nullable ZonedDateTime streamCreated() {
		try {
			FoundStreams.Found stream = this.streams.find(this.definition.stream(), this.consumerCreated);
			this.maxAge = stream.maxAge();
			return stream.created();
		}
		catch (Inquiry.ForbiddenException ex) {
			if (!this.toldForbidden) {
				this.toldForbidden = true;
				logger
					.info(("Listener '%s': %s. Without that, it takes the stream for another one when its consumer has"
							+ " been created again, and leaves what it has in hand to be delivered again; failed messages wait at"
							+ " their consumer, not as schedules; and nobody sees whether the stream's max-age is long enough")
						.formatted(this.definition.id(), ex.violation().describe()));
			}
			return null;
		}
		catch (IOException | JetStreamApiException | IllegalStateException ex) {
			return null;
		}
	}

	private void throwIf(Optional<String> problem) throws ConsumerUnavailableException {
		if (problem.isPresent()) {
			throw new ConsumerUnavailableException(Kind.UNUSABLE, describe(problem.get()), null);
		}
	}

	private String describe(@Nullable String why) {
		return "consumer '%s' of stream '%s' can't be used: %s".formatted(this.definition.consumer(),
				this.definition.stream(), why);
	}

}
