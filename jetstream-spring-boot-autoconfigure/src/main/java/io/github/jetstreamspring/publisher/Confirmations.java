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

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.guard.GuardedScheduler;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages, again if need be, until each is confirmed, refused or overdue.
 * <p>
 * Answers come to an inbox of its own, because the client's requests don't tell "no
 * stream" from "no answer", and notice the latter only every few seconds.
 */
final class Confirmations {

	private static final Log logger = LogFactory.getLog(Confirmations.class);

	private static final int NO_RESPONDERS = 503;

	private final Connection connection;

	private final Duration timeout;

	private final MissingStreams missingStreams;

	private final BiConsumer<Publication, Outcome> onDone;

	// By the tokens of their reply subjects
	private final Map<String, Publication> waiting = new ConcurrentHashMap<>();

	private static final long POLL_MILLIS = 5;

	private final AckReader ackReader = new AckReader();

	private final AnswerInbox inbox;

	private final ReplySubjects replySubjects;

	private final GuardedScheduler scheduler = new GuardedScheduler("jetstream-publisher-");

	private final Lookout lookout;

	private volatile @Nullable Thread looker;

	private volatile boolean closed;

	/**
	 * Starts to listen for answers.
	 * @param connection the connection
	 * @param timeout how long a message may take
	 * @param missingStreams knows where there is no stream
	 * @param onDone is given each message with what became of it, once
	 */
	Confirmations(Connection connection, Duration timeout, MissingStreams missingStreams,
			BiConsumer<Publication, Outcome> onDone) {
		this.connection = connection;
		this.timeout = timeout;
		this.missingStreams = missingStreams;
		this.onDone = onDone;
		this.inbox = new AnswerInbox(connection, "confirmations", this::onAnswer);
		this.replySubjects = new ReplySubjects(this.inbox.prefix());
		this.inbox.listen();
		this.lookout = new Lookout(this.scheduler, () -> !this.waiting.isEmpty(), this::look);
	}

	void send(Publication publication) {
		send(publication, publication.isRepeatable() ? this.replySubjects.next(publication.message().getSubject())
				: this.replySubjects.unused());
	}

	private void send(Publication publication, ReplySubject reply) {
		publication.replyTo(reply);
		this.waiting.put(reply.token(), publication);
		this.lookout.watch();
		// Looked at after the message is in the map: close() sees it there, or it sees
		// this
		if (this.closed && publication.isSent()) {
			overdue(publication);
			return;
		}
		if (this.closed) {
			done(publication,
					Outcome.failed(new JetStreamException(
							"A message to subject '%s' was not sent, because the publisher is closed"
								.formatted(publication.subject()),
							null)));
			return;
		}
		attempt(publication);
	}

	/**
	 * The server forbids publishing to a subject. It doesn't say which message it was:
	 * one that was sent before, and not answered, may be stored nevertheless.
	 */
	void forbidden(String subject) {
		long reconnects = this.connection.getStatistics().getReconnects();
		this.waiting.values().forEach((publication) -> {
			if (publication.message().getSubject().equals(subject) && publication.isFirstAttempt(reconnects)) {
				done(publication, Outcome.failed(new PublishForbiddenException(publication.subject())));
			}
		});
	}

	/**
	 * Returns what looks after messages that are under way. It ends with {@link #close}.
	 */
	GuardedScheduler scheduler() {
		return this.scheduler;
	}

	int inFlight() {
		return this.waiting.size();
	}

	/**
	 * Waits until all messages are confirmed or have failed.
	 * @param timeout how long at most
	 */
	void await(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		try {
			while (inFlight() > 0 && System.nanoTime() - deadline < 0
					&& this.connection.getStatus() != Connection.Status.CLOSED) {
				TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Ends the wait: what is not confirmed yet is reported as overdue.
	 */
	void close() {
		this.closed = true;
		this.scheduler.shutdownNow();
		for (Publication publication : this.waiting.values()) {
			Guard.run(logger, () -> "Failure after a message that was not confirmed", () -> overdue(publication));
		}
		this.inbox.close();
	}

	private void attempt(Publication publication) {
		Message message = publication.message();
		try {
			if (!publication.sending(this.connection.getStatistics().getReconnects())) {
				return;
			}
			this.connection.publish(message.getSubject(), publication.reply().subject(), message.getHeaders(),
					message.getData());
		}
		catch (IllegalStateException ex) {
			publication.notSent();
			// The connection is closed, or its buffer is full while it reconnects: look()
			// tries again, or finds it overdue
			if (this.connection.getStatus() == Connection.Status.CLOSED) {
				done(publication,
						Outcome.failed(new JetStreamException(
								"A message to subject '%s' was not sent, because the connection is closed"
									.formatted(publication.subject()),
								ex)));
			}
		}
		catch (RuntimeException ex) {
			done(publication, Outcome.failed(new JetStreamException(
					"A message to subject '%s' can't be sent: %s".formatted(publication.subject(), ex.getMessage()),
					ex)));
		}
		catch (Error ex) {
			// Perhaps it was sent, perhaps not: look() tries again
			Guard.log(logger, () -> "A message to subject '%s' may not be sent yet".formatted(publication.subject()),
					ex);
		}
	}

	private void onAnswer(Message answer) {
		String token = this.inbox.token(answer);
		PublishResult result = answer.isStatusMessage() ? null : this.ackReader.read(answer.getData());
		if (result != null) {
			onConfirmation(token, result);
			return;
		}
		Publication publication = this.waiting.get(token);
		if (publication == null) {
			// A second answer, to a message that was sent again
			return;
		}
		if (answer.isStatusMessage()) {
			publication.answered();
			onStatus(publication, answer.getStatus().getCode());
		}
		else if (!publication.reply().isUsed()) {
			publication.answered();
			onOtherAnswer(publication, answer);
		}
		// It may be the second answer to another message
		else if (this.waiting.remove(token, publication)) {
			send(publication, this.replySubjects.unused());
		}
	}

	private void onConfirmation(String token, PublishResult result) {
		Publication publication = this.waiting.remove(token);
		if (publication == null) {
			return;
		}
		try {
			onConfirmation(publication, result);
		}
		catch (Throwable ex) {
			// Looked after again until it is overdue
			if (!publication.future().isDone()) {
				this.waiting.put(token, publication);
			}
			throw ex;
		}
	}

	private void onConfirmation(Publication publication, PublishResult result) {
		String subject = publication.message().getSubject();
		ReplySubject reply = publication.reply();
		if (!reply.isNew(result)) {
			// The server knows the message by its id, if it is stored already
			this.replySubjects.doubt(subject, reply.stream());
			publication.doubt(result);
			send(publication, this.replySubjects.unused());
			return;
		}
		PublishResult doubted = publication.doubted();
		if (doubted != null && doubted.isSameMessage(result)) {
			// It was the right one, and says whether the message was known before
			this.replySubjects.trust(subject, result);
			this.onDone.accept(publication, Outcome.stored(doubted));
			return;
		}
		if (publication.confirmed()) {
			this.replySubjects.answered(subject, reply, result);
		}
		this.onDone.accept(publication, Outcome.stored(result));
	}

	private void onOtherAnswer(Publication publication, Message answer) {
		try {
			PublishAck ack = new PublishAck(answer);
			if (ack.getSeqno() == 0) {
				// A duplicate of an attempt that is still being stored, and may never be
				publication.retrySoon();
				return;
			}
			done(publication, Outcome.stored(PublishResult.of(ack)));
		}
		catch (JetStreamApiException ex) {
			PublishResult inTheWay = publication.standsBack(ex);
			if (inTheWay != null) {
				done(publication, Outcome.stored(inTheWay));
			}
			else if (Retries.isWorthwhile(ex)) {
				publication.retrySoon();
			}
			// It may be an attempt without an answer that moved the sequence: servers
			// look at that before they look for duplicates. Without the answer it ends
			// overdue.
			else if (!Refusals.isAboutSequence(ex) || !publication.hasUnansweredAttempt()) {
				done(publication, Outcome.failed(publication.refused(ex)));
			}
		}
		catch (IOException ex) {
			done(publication,
					Outcome
						.failed(new JetStreamException("The answer to a message to subject '%s' is no confirmation: %s"
							.formatted(publication.subject(), ex.getMessage()), ex)));
		}
	}

	private void onStatus(Publication publication, int code) {
		if (code == NO_RESPONDERS) {
			publication.noResponders();
		}
		if (isWithoutStream(publication)) {
			done(publication, Outcome.failed(this.missingStreams.failure(publication.subject())));
		}
		else {
			publication.retrySoon();
		}
	}

	/**
	 * Returns whether the calling thread is the one that others wait for.
	 */
	boolean isOwnThread() {
		return this.inbox.isOwnThread() || Thread.currentThread() == this.looker;
	}

	private void look() {
		this.looker = Thread.currentThread();
		this.inbox.listen();
		long now = System.nanoTime();
		for (Publication publication : this.waiting.values()) {
			try {
				look(publication, now);
			}
			catch (Throwable ex) {
				// The others must not wait for ever
				Guard.log(logger, () -> "Failure after a message to subject '%s'".formatted(publication.subject()), ex);
			}
		}
	}

	private void look(Publication publication, long now) {
		if (publication.isOverdue(now)) {
			overdue(publication);
		}
		else if (!isReconnecting() && publication.isDue(now)) {
			attempt(publication);
		}
	}

	// What is sent now would only fill the client's buffer
	private boolean isReconnecting() {
		Connection.Status status = this.connection.getStatus();
		return status == Connection.Status.RECONNECTING || status == Connection.Status.DISCONNECTED;
	}

	// Only the server can say so. While it doesn't, there may be a stream that has no
	// leader.
	private boolean isWithoutStream(Publication publication) {
		boolean mayCome = this.missingStreams.mayCome();
		return publication.mayBeWithoutStream() && (!mayCome || publication.isWorthAsking())
				&& this.missingStreams.isMissing(publication.message().getSubject())
				&& (!mayCome || publication.isPatienceOver());
	}

	private void overdue(Publication publication) {
		String subject = publication.subject();
		done(publication,
				Outcome.failed(isWithoutStream(publication) ? this.missingStreams.failure(subject)
						: new PublishTimeoutException(subject, publication.messageId(), this.timeout,
								this.connection.getStatus().name())));
	}

	private void done(Publication publication, Outcome outcome) {
		String token = publication.reply().token();
		if (this.waiting.remove(token, publication)) {
			try {
				this.onDone.accept(publication, outcome);
			}
			catch (Throwable ex) {
				if (!publication.future().isDone()) {
					this.waiting.put(token, publication);
				}
				throw ex;
			}
		}
	}

	/**
	 * What became of a message.
	 *
	 * @param result where it was stored, or {@code null}
	 * @param failure why it was not, or {@code null}
	 */
	record Outcome(@Nullable PublishResult result, @Nullable JetStreamException failure) {

		static Outcome stored(PublishResult result) {
			return new Outcome(result, null);
		}

		static Outcome failed(JetStreamException failure) {
			return new Outcome(null, failure);
		}

	}

}
