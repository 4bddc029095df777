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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.guard.GuardedScheduler;
import io.github.jetstreamspring.messaging.PermissionViolation;
import io.github.jetstreamspring.messaging.RedriveBell;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.ReportedViolations;
import io.github.jetstreamspring.messaging.SigningKey;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then whether something is redriven, with one question for all listeners
 * of a connection, and with a second one only if there is something.
 */
final class RedriveWatch {

	private static final Log logger = LogFactory.getLog(RedriveWatch.class);

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	// What starts only to do something and to end isn't worth a question
	private static final Duration FIRST = Duration.ofSeconds(10);

	private static final int NO_STREAM = 10059;

	private final Connection connection;

	private final RedriveLane lane;

	private final @Nullable SigningKey ownKey;

	private final GuardedScheduler scheduler;

	private final ExecutorService executor;

	private final List<RedrivenMessages> listeners = new CopyOnWriteArrayList<>();

	private final Runnable bell = this::ring;

	// Guarded by this, as all below
	private @Nullable ScheduledFuture<?> next;

	private boolean looking;

	private boolean again;

	private boolean forbidden;

	private RedriveWatch(Connection connection, RedriveLane lane, @Nullable SigningKey ownKey,
			GuardedScheduler scheduler, ExecutorService executor) {
		this.connection = connection;
		this.lane = lane;
		this.ownKey = ownKey;
		this.scheduler = scheduler;
		this.executor = executor;
	}

	/**
	 * Returns what looks on a connection, or {@code null} if nothing is redriven there.
	 */
	static @Nullable RedriveWatch of(Connection connection, @Nullable RedriveLane lane, @Nullable SigningKey ownKey,
			GuardedScheduler scheduler, ExecutorService executor) {
		return (lane != null) ? new RedriveWatch(connection, lane, ownKey, scheduler, executor) : null;
	}

	RedriveLane lane() {
		return this.lane;
	}

	/**
	 * Looks from now on for what is redriven to a listener.
	 */
	synchronized void add(RedrivenMessages listener) {
		if (this.listeners.isEmpty()) {
			RedriveBell.of(this.connection).add(this.bell);
			this.forbidden = false;
			schedule(FIRST);
		}
		this.listeners.add(listener);
	}

	/**
	 * Looks no more for a listener.
	 */
	synchronized void remove(RedrivenMessages listener) {
		this.listeners.remove(listener);
		if (this.listeners.isEmpty()) {
			RedriveBell.of(this.connection).remove(this.bell);
			cancel();
		}
	}

	// Whoever rings knows that there is something, though it may be forbidden to look
	private synchronized void ring() {
		this.forbidden = false;
		lookNow();
	}

	private synchronized void lookNow() {
		if (this.looking) {
			this.again = true;
			return;
		}
		cancel();
		try {
			this.looking = true;
			this.executor.execute(this::lookAndGoOn);
		}
		catch (RejectedExecutionException ex) {
			// All is over
			this.looking = false;
		}
	}

	private void lookAndGoOn() {
		try {
			if (this.connection.getStatus() == Connection.Status.CONNECTED) {
				look();
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Nobody can tell whether something is redriven", ex);
		}
		finally {
			goOn();
		}
	}

	private synchronized void goOn() {
		this.looking = false;
		if (this.again) {
			this.again = false;
			lookNow();
		}
		else if (!this.listeners.isEmpty() && !this.forbidden) {
			schedule(INTERVAL);
		}
	}

	private void schedule(Duration delay) {
		cancel();
		try {
			this.next = this.scheduler.schedule(this::lookNow, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// All is over
		}
	}

	private void cancel() {
		if (this.next != null) {
			this.next.cancel(false);
			this.next = null;
		}
	}

	private void look() {
		ReportedViolations violations = new ReportedViolations(this.connection);
		try {
			JetStreamManagement management = this.connection.jetStreamManagement();
			StreamInfo stream = find(management);
			if (stream == null || stream.getStreamState().getMsgCount() == 0) {
				this.listeners.forEach(RedrivenMessages::rest);
				return;
			}
			Map<String, ConsumerInfo> consumers = new HashMap<>();
			for (ConsumerInfo consumer : management.getConsumers(this.lane.stream())) {
				consumers.put(consumer.getName(), consumer);
			}
			SigningKey key = (this.ownKey != null) ? this.ownKey : SigningKey.ofStream(stream);
			this.listeners.forEach((listener) -> listener.look(consumers.get(listener.consumer()), key));
		}
		catch (IOException | JetStreamApiException ex) {
			logger.debug("Nobody can tell whether something is redriven", ex);
			if (violations.last(this::isAboutLanes).isPresent()) {
				forbidden();
			}
		}
	}

	private boolean isAboutLanes(PermissionViolation violation) {
		return violation.publish() && violation.subject().startsWith("$JS.API.")
				&& violation.subject().endsWith(this.lane.stream());
	}

	// It would be reported each time
	private synchronized void forbidden() {
		this.forbidden = true;
		logger.info("Listeners don't get what other instances redrive, as it is forbidden to look for it in stream '%s'"
			.formatted(this.lane.stream()));
	}

	private @Nullable StreamInfo find(JetStreamManagement management) throws IOException, JetStreamApiException {
		try {
			return management.getStreamInfo(this.lane.stream());
		}
		catch (JetStreamApiException ex) {
			if (ex.getApiErrorCode() == NO_STREAM) {
				return null;
			}
			throw ex;
		}
	}

}
