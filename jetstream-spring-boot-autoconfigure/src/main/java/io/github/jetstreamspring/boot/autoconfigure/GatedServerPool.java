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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.nats.client.Options;
import io.nats.client.ServerPool;
import io.nats.client.impl.NatsServerPool;
import io.nats.client.support.NatsUri;
import org.jspecify.annotations.Nullable;

/**
 * Tells the client which server to connect to next, and has it wait while it isn't to
 * connect to any.
 */
final class GatedServerPool implements ServerPool {

	private final ServerPool pool;

	private final Lock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private boolean closed;

	private boolean ended;

	private boolean asked;

	private boolean connected;

	/**
	 * Creates a pool that is open.
	 * @param pool knows the servers, {@code null} for the client's own
	 */
	GatedServerPool(@Nullable ServerPool pool) {
		this.pool = (pool != null) ? pool : new NatsServerPool();
	}

	/**
	 * Has the client wait when it asks for a server from now on.
	 */
	void close() {
		set(() -> {
			this.closed = true;
			this.connected = false;
		});
	}

	boolean isClosed() {
		this.lock.lock();
		try {
			return this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets the client go on.
	 */
	void open() {
		set(() -> this.closed = false);
	}

	/**
	 * Lets the client end that has been closed while it waited.
	 */
	void end() {
		set(() -> this.ended = true);
	}

	private void set(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until the client waits here, which it does only without a socket.
	 * @param timeout how long to wait
	 * @return whether it does
	 */
	boolean awaitClient(Duration timeout) throws InterruptedException {
		this.lock.lock();
		try {
			long left = timeout.toNanos();
			while (!this.asked && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			return this.asked;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until the client has connected since this was closed.
	 * @param timeout how long to wait
	 */
	void awaitConnected(Duration timeout) throws InterruptedException {
		this.lock.lock();
		try {
			long left = timeout.toNanos();
			while (!this.connected && left > 0) {
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public @Nullable NatsUri nextServer() {
		return pass() ? this.pool.nextServer() : null;
	}

	private boolean pass() {
		this.lock.lock();
		try {
			this.asked = this.closed;
			while (this.closed && !this.ended) {
				this.changed.signalAll();
				this.changed.await();
			}
			return !this.ended;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			this.asked = false;
			this.lock.unlock();
		}
	}

	@Override
	public void initialize(Options options) {
		this.pool.initialize(options);
	}

	@Override
	public boolean acceptDiscoveredUrls(List<String> discoveredServers) {
		return this.pool.acceptDiscoveredUrls(discoveredServers);
	}

	@Override
	public @Nullable NatsUri peekNextServer() {
		return this.pool.peekNextServer();
	}

	@Override
	@Deprecated
	public @Nullable List<String> resolveHostToIps(String host) {
		return this.pool.resolveHostToIps(host);
	}

	@Override
	public @Nullable List<String> resolveHostToIps(String host, boolean maxOneResult, boolean includeIPV6) {
		return this.pool.resolveHostToIps(host, maxOneResult, includeIPV6);
	}

	@Override
	public void connectSucceeded(NatsUri server) {
		this.pool.connectSucceeded(server);
		set(() -> this.connected = true);
	}

	@Override
	public void connectFailed(NatsUri server) {
		this.pool.connectFailed(server);
	}

	@Override
	public List<String> getServerList() {
		return this.pool.getServerList();
	}

	@Override
	public boolean hasSecureServer() {
		return this.pool.hasSecureServer();
	}

}
