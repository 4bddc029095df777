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

package io.github.jetstreamspring.boot.operations;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerStatus;
import io.github.jetstreamspring.messaging.SimilarNames;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Describes listeners: what they are doing, and by which settings. Asks nobody.
 */
final class ListenerDescriptions {

	private static final Log logger = LogFactory.getLog(ListenerDescriptions.class);

	private static final String CONCURRENCY = "concurrency";

	private static final String POLICY = "RetryPolicy";

	private static final String MAX_ATTEMPTS = "retry.max-attempts";

	private final JetStreamListeners listeners;

	private final SettingSources sources;

	ListenerDescriptions(JetStreamListeners listeners, Environment environment) {
		this.listeners = listeners;
		this.sources = new SettingSources(environment);
	}

	/**
	 * Describes all listeners, by their ids.
	 */
	Map<String, Object> all() {
		Map<String, Object> all = new LinkedHashMap<>();
		this.listeners.ids().stream().sorted().forEach((id) -> {
			Description description = find(id);
			if (description != null) {
				all.put(id, description.toMap());
			}
		});
		return all;
	}

	private @Nullable Description find(String id) {
		try {
			return describe(this.listeners.status(id), this.listeners.definition(id));
		}
		catch (IllegalArgumentException ex) {
			// It may have gone with its bean just now
			return null;
		}
	}

	/**
	 * Describes a listener.
	 * @param id its id
	 * @return the description
	 * @throws OperationFailure if there is no such listener
	 */
	Description get(String id) {
		Description description = find(id);
		if (description == null) {
			throw unknown(id, this.listeners.ids());
		}
		return description;
	}

	static OperationFailure unknown(String id, Set<String> ids) {
		return OperationFailure.notFound("There is no listener '%s'%s".formatted(id, SimilarNames.question(id, ids)));
	}

	private Description describe(ListenerStatus status, ListenerDefinition definition) {
		String connection = this.listeners.connection(status.id());
		return new Description().add("state", status.state().name())
			.add("reason", status.reason())
			.add("connection", (connection != null) ? connection : Description.DEFAULT_CONNECTION)
			.add("stream", status.stream())
			.add("consumer", status.consumer())
			.add(CONCURRENCY, status.concurrency())
			.add("busy", status.busy())
			.add("inHand", status.inHand())
			.add("unstored", (status.unstored() > 0) ? status.unstored() : null)
			.add("lastHandled", status.lastHandled())
			.add("lastError", lastError(status.lastError()))
			.add("settings", settings(status, definition));
	}

	private static @Nullable Description lastError(ListenerStatus.@Nullable LastError error) {
		return (error != null) ? new Description().add("time", error.time()).add("failure", error.failure()) : null;
	}

	private Description settings(ListenerStatus status, ListenerDefinition definition) {
		Description settings = new Description();
		definition.options().values().forEach((key, value) -> {
			String source = definition.sources().get(key);
			if (source != null && source.equals(POLICY)) {
				// It stands for all of them, and tells but one
				settings.add(key, key.equals(MAX_ATTEMPTS) ? setting(maxAttempts(definition), source) : null);
			}
			else if (key.equals(CONCURRENCY) && !value.equals(status.concurrency())) {
				settings.add(key, setting(status.concurrency(), "changed while the application runs"));
			}
			else {
				settings.add(key, setting(value, this.sources.describe(source, key)));
			}
		});
		return settings;
	}

	private static @Nullable Object maxAttempts(ListenerDefinition definition) {
		Object[] attempts = new Object[1];
		Guard.run(logger, () -> "The retry policy of listener '%s' failed".formatted(definition.id()),
				() -> attempts[0] = definition.retryPolicy().maxAttempts());
		return attempts[0];
	}

	private static Description setting(@Nullable Object value, String source) {
		return new Description().add("value", text(value)).add("source", source);
	}

	private static @Nullable Object text(@Nullable Object value) {
		if (value instanceof Enum<?> choice) {
			return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
		}
		return (value instanceof Number || value instanceof Boolean || value instanceof Duration
				|| value instanceof Collection<?> || value == null) ? value : value.toString();
	}

}
