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

package io.github.jetstreamspring.observation;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.listener.FollowedRun;
import io.github.jetstreamspring.listener.Settlement;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * {@link DeliveryObserver} that tells the log which message is being handled, by SLF4J's
 * {@link MDC}. After the handler the thread's context is what it was before.
 *
 * @since 0.1.0
 */
public final class LogContext implements DeliveryObserver {

	static final String STREAM = "jetstream.stream";

	static final String CONSUMER = "jetstream.consumer";

	static final String SEQUENCE = "jetstream.sequence";

	static final String ATTEMPT = "jetstream.attempt";

	static final String MESSAGE_ID = "jetstream.messageId";

	static final List<String> KEYS = List.of(STREAM, CONSUMER, SEQUENCE, ATTEMPT, MESSAGE_ID);

	/**
	 * Lets the entries go along to other threads, wherever Micrometer's context
	 * propagation does that. Holds for all applications in this JVM; once is enough.
	 */
	public static void propagate() {
		// What needs the library is in a class that isn't loaded without it
		LogContextAccessor.register();
	}

	@Override
	public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
	}

	@Override
	public FollowedRun follow(String listener, Delivery delivery) {
		return new Entries(delivery.stream(), delivery.consumer(), delivery);
	}

	@Override
	public FollowedRun follow(String listener, List<Delivery> batch) {
		Delivery first = batch.get(0);
		return new Entries(first.stream(), first.consumer(), null);
	}

	/**
	 * What the log is told.
	 *
	 * @param stream the stream
	 * @param consumer the consumer
	 * @param delivery the delivery, or {@code null} of a batch
	 */
	private record Entries(String stream, String consumer, @Nullable Delivery delivery) implements FollowedRun {

		@Override
		public Scope enter() {
			Map<String, String> before = MDC.getCopyOfContextMap();
			MDC.put(STREAM, this.stream);
			MDC.put(CONSUMER, this.consumer);
			if (this.delivery != null) {
				MDC.put(SEQUENCE, Long.toString(this.delivery.streamSequence()));
				MDC.put(ATTEMPT, Long.toString(this.delivery.attempt()));
				String id = MessageText.of(this.delivery.headers().getFirst("Nats-Msg-Id"));
				if (id != null) {
					MDC.put(MESSAGE_ID, id);
				}
			}
			return () -> restore(before);
		}

		// Of the handler's own entries, too, nothing is left for the next message
		private static void restore(@Nullable Map<String, String> before) {
			if (before == null || before.isEmpty()) {
				MDC.clear();
			}
			else {
				MDC.setContextMap(before);
			}
		}

		@Override
		public void ended(@Nullable Settlement outcome, Duration runTime, @Nullable Throwable failure) {
		}

	}

}
