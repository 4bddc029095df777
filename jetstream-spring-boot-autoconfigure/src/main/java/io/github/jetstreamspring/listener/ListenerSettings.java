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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about listeners.
 *
 * @param defaults options of all listeners
 * @param byId options of single listeners, by their ids
 * @since 0.1.0
 */
public record ListenerSettings(ListenerOptions defaults, Map<String, ListenerOptions> byId) {

	/**
	 * No settings at all.
	 */
	public static final ListenerSettings NONE = new ListenerSettings(ListenerOptions.NONE, Map.of());

	/**
	 * Returns the options of a listener: first those by its id, then those of its
	 * annotation, then the defaults.
	 * @param id the listener's id
	 * @param annotation what the listener's annotation says
	 * @return all together
	 */
	public ListenerOptions options(String id, ListenerOptions annotation) {
		return this.byId.getOrDefault(id, ListenerOptions.NONE).orElse(annotation).orElse(this.defaults);
	}

	/**
	 * Returns where the options of a listener come from.
	 * @param id the listener's id
	 * @param annotation what the listener's annotation says
	 * @return by the keys of the options that are set: {@code @JetStreamListener}, or
	 * what the key of the configuration begins with, such as
	 * {@code jetstream.listeners.order-worker}
	 */
	public Map<String, String> sources(String id, ListenerOptions annotation) {
		Map<String, String> sources = new HashMap<>();
		add(sources, this.defaults, "jetstream.listener");
		add(sources, annotation, "@JetStreamListener");
		add(sources, this.byId.getOrDefault(id, ListenerOptions.NONE), "jetstream.listeners." + id);
		return Map.copyOf(sources);
	}

	private static void add(Map<String, String> sources, ListenerOptions options, String source) {
		for (String key : options.values().keySet()) {
			sources.put(key, source);
		}
	}

	/**
	 * Returns which bean is the retry policy of a listener. Numbers in the listener's own
	 * settings come before a policy in its annotation, and those before one for all.
	 * @param id the listener's id
	 * @param annotation what the listener's annotation says
	 * @return the name of the bean, {@code null} if there is none
	 */
	public @Nullable String retryPolicy(String id, ListenerOptions annotation) {
		for (ListenerOptions options : List.of(this.byId.getOrDefault(id, ListenerOptions.NONE), annotation,
				this.defaults)) {
			String policy = options.retry().policy();
			if (policy != null || isPolicy(options.retry())) {
				return (policy != null && !policy.isBlank()) ? policy : null;
			}
		}
		return null;
	}

	/**
	 * Returns which of the settings that name a retry policy set what it stands for, too.
	 * @param id the listener's id
	 * @return what their keys begin with
	 */
	public List<String> contradictions(String id) {
		List<String> prefixes = new ArrayList<>();
		if (isContradiction(this.byId.getOrDefault(id, ListenerOptions.NONE).retry())) {
			prefixes.add("jetstream.listeners." + id);
		}
		if (isContradiction(this.defaults.retry())) {
			prefixes.add("jetstream.listener");
		}
		return prefixes;
	}

	private static boolean isContradiction(ListenerOptions.Retry retry) {
		String policy = retry.policy();
		return policy != null && !policy.isBlank() && isPolicy(retry);
	}

	/**
	 * Returns whether a listener has settings of its own for its retries.
	 * @param id the listener's id
	 * @return whether any is set that a retry policy stands for
	 */
	public boolean hasRetry(String id) {
		return isPolicy(this.byId.getOrDefault(id, ListenerOptions.NONE).retry());
	}

	/**
	 * Returns whether there are settings for the retries of all listeners.
	 * @return whether any is set that a retry policy stands for
	 */
	public boolean hasRetryDefaults() {
		return isPolicy(this.defaults.retry());
	}

	private static boolean isPolicy(ListenerOptions.Retry retry) {
		return retry.maxAttempts() != null || retry.delay() != null || retry.multiplier() != null
				|| retry.maxDelay() != null || retry.jitter() != null || retry.maxDeliveries() != null;
	}

	/**
	 * Returns which listeners have settings of their own.
	 * @return the ids
	 */
	public Set<String> ids() {
		return this.byId.keySet();
	}

}
