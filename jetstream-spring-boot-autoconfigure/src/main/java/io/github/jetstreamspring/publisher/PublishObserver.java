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
import java.util.List;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of published messages, for metrics, and may follow them on their
 * way, for traces.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PublishObserver {

	/**
	 * Does nothing.
	 */
	PublishObserver NONE = (subject, time, result, failure) -> {
	};

	/**
	 * Is called once for each message, when it is confirmed or has failed. Must not
	 * block.
	 * @param subject the message's subject
	 * @param time the time from the first attempt, retries included
	 * @param result where the message was stored, or {@code null} if it failed
	 * @param failure why it failed, or {@code null} if it was stored
	 */
	void published(String subject, Duration time, @Nullable PublishResult result, @Nullable JetStreamException failure);

	/**
	 * Is called once for each message before it is sent, on the thread that publishes it.
	 * Must not block. If it throws, the message is sent without being followed.
	 * @param message the message, which has its id
	 * @return what follows it, or {@code null} if nothing does
	 */
	default @Nullable FollowedPublish follow(Message message) {
		return null;
	}

	/**
	 * Returns one for several, none of which makes a difference to the message or the
	 * others by throwing.
	 * @param observers the observers
	 * @return one that calls all of them
	 */
	static PublishObserver of(List<? extends PublishObserver> observers) {
		if (observers.size() == 1 && observers.get(0) instanceof PublishObservers guarded) {
			return guarded;
		}
		return observers.isEmpty() ? NONE : new PublishObservers(List.copyOf(observers));
	}

}
