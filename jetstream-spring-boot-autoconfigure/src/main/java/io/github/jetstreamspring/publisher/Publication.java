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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.backoff.BackOffExecution;

/**
 * A message on its way to a stream.
 */
final class Publication {

	// Longer than a slow answer takes, short enough for several attempts
	private static final long FIRST_RESEND_NANOS = 1_000_000_000;

	// A stream that is being made is there within a second or two
	private static final long NO_STREAM_NANOS = 2_000_000_000;

	private final IdentifiedMessage message;

	private final long startNanos = System.nanoTime();

	private final long deadlineNanos;

	private final CompletableFuture<PublishResult> future = new CompletableFuture<>();

	private volatile long nextNanos = this.startNanos + FIRST_RESEND_NANOS;

	private @Nullable BackOffExecution backOff;

	private int attempts;

	private long reconnects;

	private int unanswered;

	// The last answer; the next attempt may be waiting for its turn
	private boolean noResponders;

	private boolean confirmed;

	private final @Nullable String uniqueIn;

	private @Nullable FollowedPublish followed;

	private volatile @Nullable ReplySubject reply;

	private volatile @Nullable PublishResult doubted;

	/**
	 * Creates a publication.
	 * @param message the message
	 * @param timeoutNanos how long it may take
	 * @param uniqueIn the stream in which it must be the only message with its subject,
	 * or {@code null} if it need not be
	 * @param followed follows it, or {@code null}
	 */
	Publication(IdentifiedMessage message, long timeoutNanos, @Nullable String uniqueIn,
			@Nullable FollowedPublish followed) {
		this.followed = followed;
		this.uniqueIn = uniqueIn;
		this.message = message;
		this.deadlineNanos = this.startNanos + timeoutNanos;
	}

	/**
	 * Returns how long it takes to believe that there is no stream.
	 */
	static long noStreamNanos(long timeoutNanos) {
		return Math.min(NO_STREAM_NANOS, timeoutNanos / 2);
	}

	Message message() {
		return this.message.message();
	}

	/**
	 * Returns the subject as it may be said.
	 */
	String subject() {
		return ScheduleSubjects.said(this.message.subject());
	}

	String messageId() {
		return this.message.id();
	}

	/**
	 * Returns whether the message does no harm when it is sent twice, and says the same
	 * as when it is sent once. One that expects a sequence would find its own in the way.
	 */
	boolean isRepeatable() {
		if (this.uniqueIn != null) {
			return false;
		}
		if (message().getHeaders().size() == 1) {
			// Its id
			return true;
		}
		for (String name : message().getHeaders().keySet()) {
			if (name.startsWith(PublishHeaders.EXPECTED)) {
				return false;
			}
		}
		return true;
	}

	void replyTo(ReplySubject reply) {
		this.reply = reply;
	}

	/**
	 * Returns where the answer comes to.
	 */
	ReplySubject reply() {
		ReplySubject current = this.reply;
		Assert.state(current != null, "Not sent yet");
		return current;
	}

	/**
	 * An answer has come that may have been given to another message.
	 */
	void doubt(PublishResult answer) {
		this.doubted = answer;
	}

	/**
	 * Returns the last answer that may have been given to another message.
	 * @return the answer, or {@code null} if there was none
	 */
	@Nullable PublishResult doubted() {
		return this.doubted;
	}

	/**
	 * The message is confirmed or has failed. Once only, as whoever reports it may fail
	 * and do it again.
	 */
	void ended(@Nullable PublishResult result, @Nullable JetStreamException failure) {
		FollowedPublish current = this.followed;
		if (current != null) {
			this.followed = null;
			current.ended(Duration.ofNanos(age()), result, failure);
		}
	}

	CompletableFuture<PublishResult> future() {
		return this.future;
	}

	long startNanos() {
		return this.startNanos;
	}

	long age() {
		return System.nanoTime() - this.startNanos;
	}

	boolean isOverdue(long now) {
		return now - this.deadlineNanos >= 0;
	}

	/**
	 * The message is about to be sent. Counted before it is, as the answer may be quicker
	 * than the thread that sends.
	 * @param reconnects how often the connection was lost until now
	 * @return whether to send it, because it is not confirmed
	 */
	synchronized boolean sending(long reconnects) {
		if (this.confirmed) {
			return false;
		}
		this.attempts++;
		this.unanswered++;
		this.reconnects = reconnects;
		return true;
	}

	/**
	 * The message is stored, and not to be sent again.
	 * @return whether it was sent once only, so that there is no other answer to come
	 */
	synchronized boolean confirmed() {
		this.confirmed = true;
		return isFirstAttempt();
	}

	synchronized void notSent() {
		this.unanswered--;
	}

	synchronized void answered() {
		this.unanswered--;
		this.noResponders = false;
	}

	/**
	 * Returns whether to send the message again, the last answer being late or a refusal
	 * that may be over.
	 */
	synchronized boolean isDue(long now) {
		if (now - this.nextNanos < 0) {
			return false;
		}
		this.nextNanos = now + FIRST_RESEND_NANOS;
		return true;
	}

	/**
	 * The server can't store the message at the moment.
	 */
	synchronized void retrySoon() {
		if (this.backOff == null) {
			this.backOff = Retries.start();
		}
		this.nextNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(this.backOff.nextBackOff());
	}

	JetStreamException refused(JetStreamApiException refusal) {
		return Refusals.toException(subject(), size(message()), refusal);
	}

	/**
	 * Returns what a refusal means for a message that was to be stored only if there is
	 * no other one. When an attempt got no answer, the other one may be the message
	 * itself.
	 * @return the result, or {@code null} if the refusal is a failure
	 */
	@Nullable PublishResult standsBack(JetStreamApiException refusal) {
		return (this.uniqueIn != null && Refusals.isAboutSequence(refusal))
				? new PublishResult(this.uniqueIn, UniqueJobs.sequence(refusal.getErrorDescription()), true) : null;
	}

	static long size(Message message) {
		byte[] data = message.getData();
		return ((data != null) ? data.length : 0)
				+ (message.hasHeaders() ? message.getHeaders().serializedLength() : 0);
	}

	/**
	 * The server has answered that nobody listens.
	 */
	synchronized void noResponders() {
		this.noResponders = true;
	}

	/**
	 * Returns whether there may be no stream, as nobody listened at the last attempt. One
	 * that was never answered may have reached a stream.
	 */
	synchronized boolean mayBeWithoutStream() {
		return this.noResponders && !hasUnansweredAttempt();
	}

	/**
	 * Returns whether it is time to ask the server whether there is a stream.
	 */
	boolean isWorthAsking() {
		return age() >= noStreamNanos() / 2;
	}

	/**
	 * Returns whether it is time to believe that there is no stream.
	 */
	boolean isPatienceOver() {
		return age() >= noStreamNanos();
	}

	private long noStreamNanos() {
		return noStreamNanos(this.deadlineNanos - this.startNanos);
	}

	synchronized boolean hasUnansweredAttempt() {
		return this.unanswered > 0;
	}

	/**
	 * Returns whether the message was sent once only.
	 */
	synchronized boolean isFirstAttempt() {
		return this.attempts <= 1;
	}

	synchronized boolean isSent() {
		return this.attempts > 0;
	}

	/**
	 * Returns whether the message was sent once only, over the connection that is there
	 * now.
	 */
	synchronized boolean isFirstAttempt(long reconnects) {
		return isFirstAttempt() && this.reconnects == reconnects;
	}

}
