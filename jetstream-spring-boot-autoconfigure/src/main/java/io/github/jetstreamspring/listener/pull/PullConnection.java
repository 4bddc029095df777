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
import java.util.concurrent.Executor;

import io.github.jetstreamspring.wire.Incoming;
import io.nats.client.Connection;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * A connection that several flows share, with what they have to share on it: how many
 * bytes may be on their way, who may ping the server, and who is told that something has
 * come.
 *
 * @since 0.1.0
 */
public final class PullConnection {

	private final Connection connection;

	private final Pings pings;

	private final ByteShares shares = new ByteShares();

	private volatile Rhythm rhythm = Rhythm.of(1);

	// null if nothing tells of messages
	private volatile @Nullable Incoming incoming;

	private final InboxPoll poll = new InboxPoll();

	/**
	 * Creates what flows share on a connection.
	 * @param connection the connection
	 * @param executor waits for the server
	 */
	public PullConnection(Connection connection, Executor executor) {
		this.connection = connection;
		this.pings = new Pings(connection, executor);
	}

	Connection connection() {
		return this.connection;
	}

	Pings pings() {
		return this.pings;
	}

	ByteShares shares() {
		return this.shares;
	}

	/**
	 * A listener begins to ask for messages, unless it has begun already.
	 */
	void join(Credit asker) {
		this.shares.join(asker);
		this.rhythm = Rhythm.of(this.shares.askers());
	}

	/**
	 * A listener asks for messages no more.
	 */
	void leave(Credit asker) {
		this.shares.leave(asker);
		this.rhythm = Rhythm.of(this.shares.askers());
	}

	/**
	 * Returns how often the listeners make and get signs of life.
	 * @return the rhythm for as many as there are now
	 */
	public Rhythm rhythm() {
		return this.rhythm;
	}

	/**
	 * Has an inbox told when something has come, from now on.
	 */
	void watch(Inbox inbox) {
		Incoming known = Incoming.of(this.connection);
		this.incoming = known;
		if (known != null) {
			known.watch(inbox);
		}
		else {
			this.poll.watch(inbox);
		}
	}

	/**
	 * The first message has come to an inbox.
	 */
	void received(Inbox inbox, Message message) {
		Incoming known = this.incoming;
		if (known != null) {
			known.received(inbox, message);
		}
	}

	void forget(Inbox inbox) {
		Incoming known = this.incoming;
		if (known != null) {
			known.forget(inbox);
		}
		else {
			this.poll.forget(inbox);
		}
	}

	/**
	 * Pings the server, when no flow does.
	 * @param timeout how long it may take to answer
	 * @return whether it has answered in time
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	public boolean ping(Duration timeout) throws InterruptedException {
		return this.pings.ping(timeout);
	}

}
