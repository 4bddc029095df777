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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.nats.client.PullRequestOptions;
import io.nats.client.api.ConsumerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a consumer takes.
 *
 * @param maxExpiry the longest that a request may wait for messages
 * @param maxBytes the most bytes of one request
 * @param maxMessage the largest message that the server takes now
 * @param maxBatch the most messages of one request
 * @param group the group of workers to ask for, or {@code null} if the consumer has none
 * @param precedence which of those that ask gets messages first
 * @param pinTimeout after what time without a request another client gets the messages,
 * or {@code null} if it isn't so that only one gets them
 */
record PullRequests(Duration maxExpiry, long maxBytes, long maxMessage, int maxBatch, @Nullable String group,
		Precedence precedence, @Nullable Duration pinTimeout) {

	private static final Duration BRIEF = Duration.ofMillis(500);

	// Subjects count, too
	private static final long SUBJECTS = 8 * 1024;

	static PullRequests within(ConsumerConfiguration consumer, long maxPayload, Precedence precedence) {
		Duration maxExpires = consumer.getMaxExpires();
		Duration maxExpiry = isSet(maxExpires) ? maxExpires : ChronoUnit.FOREVER.getDuration();
		long maxBytes = (consumer.getMaxBytes() > 0) ? consumer.getMaxBytes() : Long.MAX_VALUE;
		int maxBatch = (consumer.getMaxBatch() > 0) ? (int) consumer.getMaxBatch() : Integer.MAX_VALUE;
		return new PullRequests(maxExpiry, maxBytes, maxPayload + SUBJECTS, maxBatch, group(consumer), precedence,
				PinnedClient.timeout(consumer));
	}

	private static @Nullable String group(ConsumerConfiguration consumer) {
		List<String> groups = consumer.getPriorityGroups();
		return (groups != null && !groups.isEmpty()) ? groups.get(0) : null;
	}

	private static boolean isSet(@Nullable Duration duration) {
		return duration != null && duration.toNanos() > 0;
	}

	/**
	 * Returns the same requests, which wait no longer than some time.
	 * @param time the time, of which the server knows milliseconds
	 */
	PullRequests waitingFor(Duration time) {
		Duration most = Duration.ofMillis(Math.max(1, time.toMillis()));
		return new PullRequests(shorter(this.maxExpiry, most), this.maxBytes, this.maxMessage, this.maxBatch,
				this.group, this.precedence, this.pinTimeout);
	}

	/**
	 * Returns how long a request waits for messages.
	 */
	Duration expiry(Rhythm rhythm) {
		return shorter(this.maxExpiry, rhythm.expiry());
	}

	/**
	 * Returns how often the server says that a request still waits.
	 */
	Duration heartbeat(Rhythm rhythm) {
		// The server takes none that is longer
		return shorter(half(expiry(rhythm)), rhythm.heartbeat());
	}

	private Duration brief() {
		return shorter(this.maxExpiry, BRIEF);
	}

	private static Duration half(Duration duration) {
		return Duration.ofNanos(duration.toNanos() / 2);
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * Returns a request for messages.
	 * @param count how many
	 * @param bytes how many bytes they may have
	 * @param rhythm how long the request waits, {@code null} not to wait long
	 * @param pinId the id by which the server knows the one client that gets messages, or
	 * {@code null} if this client isn't the one
	 * @return the request
	 */
	byte[] body(int count, long bytes, @Nullable Rhythm rhythm, @Nullable String pinId) {
		PullRequestOptions.Builder builder = builder(count).maxBytes(bytes);
		if (rhythm != null) {
			builder.expiresIn(expiry(rhythm)).idleHeartbeat(heartbeat(rhythm));
		}
		else {
			builder.expiresIn(brief()).idleHeartbeat(half(brief()));
		}
		this.precedence.apply(builder);
		return new Request(builder, pinId).serialize();
	}

	/**
	 * Returns a request that no message is small enough for. It only shows that the one
	 * client that gets messages is still there, though it takes none at the moment.
	 * @param pinId the id by which the server knows that client
	 * @return the request
	 */
	byte[] keepPin(String pinId) {
		return new Request(builder(1).expiresIn(brief()).maxBytes(1), pinId).serialize();
	}

	private PullRequestOptions.Builder builder(int count) {
		return PullRequestOptions.builder(count).group(this.group);
	}

	/**
	 * Carries a pin id, which the builder has no method for.
	 */
	private static final class Request extends PullRequestOptions {

		private final @Nullable String pinId;

		Request(Builder builder, @Nullable String pinId) {
			super(builder);
			this.pinId = pinId;
		}

		@Override
		protected @Nullable String getPinId() {
			return this.pinId;
		}

	}

}
