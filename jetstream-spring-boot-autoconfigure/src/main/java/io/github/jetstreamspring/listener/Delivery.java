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

import java.time.Duration;
import java.time.Instant;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One message handed to one worker once, and the verbs that settle it.
 * <p>
 * A handler doesn't need the verbs: when it returns, the message is acked, and when it
 * throws, the message is retried or becomes a dead letter. A handler that calls one of
 * {@link #ack()}, {@link #retry()}, {@link #deadLetter(String)} or
 * {@link #discard(String)} has decided; what it returns or throws afterwards changes
 * nothing.
 *
 * @since 0.1.0
 */
public interface Delivery {

	/**
	 * Returns the subject the message was published to.
	 * @return the subject
	 */
	String subject();

	/**
	 * Returns the stream the message is stored in.
	 * @return the stream's name
	 */
	String stream();

	/**
	 * Returns the consumer that delivered the message.
	 * @return the consumer's name
	 */
	String consumer();

	/**
	 * Returns the message's sequence in its stream.
	 * @return the sequence, from 1
	 */
	long streamSequence();

	/**
	 * Returns how many times the server has handed out the message, this time included.
	 * Counts deliveries that no handler has seen as well, and goes on counting when the
	 * message has waited as a schedule. So it can be above {@code max-attempts}, up to
	 * {@code max-deliveries}; a failure there is the last one.
	 * @return the attempt, from 1
	 */
	long attempt();

	/**
	 * Returns how often the message was a dead letter that somebody has redriven. Its
	 * attempts are counted from 1 again each time.
	 * @return the number, 0 for a message that was never a dead letter
	 */
	default int redrives() {
		return 0;
	}

	/**
	 * Returns when the message was stored.
	 * @return the server's time
	 */
	Instant timestamp();

	/**
	 * Returns how many messages waited for this consumer when this one was delivered.
	 * @return the number of messages, or -1 if the server didn't say
	 */
	long pending();

	/**
	 * Returns the message's headers.
	 * @return the headers, empty if there are none; not to be changed
	 */
	Headers headers();

	/**
	 * Returns where the reply goes, if the message is a request. Whoever may publish a
	 * message chooses the address, so it counts only if it is one that the listener
	 * replies to: an inbox, or what {@code jetstream.listener.reply-subjects} allows.
	 * @return the subject, or {@code null} if nobody gets a reply
	 */
	default @Nullable String replyTo() {
		return null;
	}

	/**
	 * Marks the message as done: the server won't deliver it to this consumer again.
	 * @throws IllegalStateException if the delivery is settled already
	 */
	void ack();

	/**
	 * Gives the message back, to be delivered again after the delay of the listener's
	 * retry policy. After the last attempt it becomes a dead letter instead.
	 * @throws IllegalStateException if the delivery is settled already
	 */
	void retry();

	/**
	 * Gives the message back, to be delivered again after a delay. Until then it counts
	 * towards the consumer's {@code max-ack-pending}. After the last attempt it becomes a
	 * dead letter instead.
	 * @param delay the delay, not negative; zero for at once
	 * @throws IllegalStateException if the delivery is settled already
	 */
	void retry(Duration delay);

	/**
	 * Hands the message to the dead letters. It leaves its queue only when it is stored
	 * there; if that fails it is retried later.
	 * @param reason why, for the person who looks at it later
	 * @throws IllegalStateException if the delivery is settled already
	 */
	void deadLetter(String reason);

	/**
	 * Drops the message for good, without a dead letter.
	 * @param reason why; the server passes it on in its advisory
	 * @throws IllegalStateException if the delivery is settled already
	 */
	void discard(String reason);

	/**
	 * Tells the server that the message is still being worked on. Workers do that by
	 * themselves, well before {@code ack-wait} has passed and up to {@code max-run-time}.
	 */
	void extendLease();

	/**
	 * Returns whether the handler has declined the message: called {@code retry},
	 * {@code deadLetter} or {@code discard}. What it returns is no reply then.
	 * @return whether the message is declined
	 */
	boolean isDeclined();

	/**
	 * Returns whether somebody has {@linkplain JetStreamJobs#cancel(String) cancelled}
	 * the job while its handler runs, which is interrupted then.
	 * @return whether it is cancelled
	 */
	default boolean isCancelled() {
		return false;
	}

}
