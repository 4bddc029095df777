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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.PriorityGroupState;
import io.nats.client.api.PriorityPolicy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether this is the one client that gets messages, where the consumer has it so. The
 * server chooses that client with the first message it sends, and chooses another one
 * when no request has come for a while.
 *
 * @since 0.1.0
 */
public final class PinnedClient {

	private static final Log logger = LogFactory.getLog(PinnedClient.class);

	private static final String HEADER = "Nats-Pin-Id";

	private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

	// So that one lost request does no harm
	private static final int KEEP_AT = 3;

	private final Connection connection;

	private final PullSource source;

	private final Credit credit;

	// Nobody listens there: that the request was made is all that counts
	private final String nowhere;

	private volatile @Nullable String id;

	private volatile long askedNanos;

	private volatile Runnable changed = () -> {
	};

	PinnedClient(Connection connection, PullSource source, Credit credit) {
		this.connection = connection;
		this.source = source;
		this.credit = credit;
		this.nowhere = connection.createInbox();
	}

	/**
	 * Returns which client gets the messages of a consumer.
	 * @param consumer the consumer
	 * @return the id that the server has given to that client, {@code null} if it has
	 * chosen none
	 */
	public static @Nullable String idOf(ConsumerInfo consumer) {
		List<PriorityGroupState> groups = consumer.getPriorityGroupStates();
		if (!isOneOnly(consumer.getConsumerConfiguration()) || groups == null) {
			return null;
		}
		return groups.stream()
			.map(PriorityGroupState::getPinnedClientId)
			.filter((id) -> id != null && !id.isEmpty())
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns after what time without a request another client gets the messages.
	 * @param consumer the consumer's configuration
	 * @return the time, or {@code null} if it isn't so that only one client gets them
	 */
	public static @Nullable Duration timeout(ConsumerConfiguration consumer) {
		if (!isOneOnly(consumer)) {
			return null;
		}
		Duration timeout = consumer.getPriorityTimeout();
		return (timeout != null && timeout.toNanos() > 0) ? timeout : DEFAULT_TIMEOUT;
	}

	private static boolean isOneOnly(ConsumerConfiguration consumer) {
		return consumer.getPriorityPolicy() == PriorityPolicy.PinnedClient;
	}

	@Nullable String id() {
		return this.id;
	}

	@Nullable String idForRequest() {
		this.askedNanos = System.nanoTime();
		return this.id;
	}

	void received(Message message, PullRequests requests) {
		if (requests.pinTimeout() != null && message.getHeaders() != null) {
			String pinned = message.getHeaders().getFirst(HEADER);
			if (pinned != null) {
				become(pinned);
			}
		}
	}

	/**
	 * The server has refused a request.
	 * @param refused the id that it was made with, which may be an earlier one
	 */
	void lost(@Nullable String refused) {
		if (Objects.equals(this.id, refused)) {
			become(null);
		}
	}

	private void become(@Nullable String next) {
		if (!Objects.equals(this.id, next)) {
			this.id = next;
			if (next != null) {
				this.credit.forgetUnpinned(next);
			}
			this.changed.run();
		}
	}

	/**
	 * Calls somebody when the server has chosen this client, or no longer has.
	 */
	void onChange(Runnable action) {
		this.changed = action;
	}

	/**
	 * Lets the server know that this client is still there, though its workers are too
	 * busy to take messages: another client must not go on with the next message while
	 * they work at this one.
	 */
	void keep(PullRequests requests, long now) {
		Duration timeout = requests.pinTimeout();
		String pinned = this.id;
		if (timeout != null && pinned != null && now - this.askedNanos > timeout.toNanos() / KEEP_AT
				&& this.connection.getStatus() == Connection.Status.CONNECTED) {
			this.askedNanos = now;
			try {
				this.connection.publish(this.source.nextSubject(), this.nowhere, requests.keepPin(pinned));
			}
			catch (RuntimeException ex) {
				// The connection goes down, and the pin with it
			}
		}
	}

	/**
	 * Lets the server choose another client at once. To be called when nothing is in hand
	 * any more.
	 * @param requests tells the group of clients
	 */
	void release(PullRequests requests) {
		String group = requests.group();
		if (this.id == null || group == null || this.connection.getStatus() != Connection.Status.CONNECTED) {
			return;
		}
		try {
			JetStreamManagement management = this.connection.jetStreamManagement();
			ConsumerInfo found = management.getConsumerInfo(this.source.stream(), this.source.consumer());
			if (Objects.equals(this.id, idOf(found))) {
				management.unpinConsumer(this.source.stream(), this.source.consumer(), group);
			}
		}
		catch (IOException | JetStreamApiException | IllegalStateException ex) {
			logger.debug("Another instance takes over only after the priority timeout", ex);
		}
		this.id = null;
	}

}
