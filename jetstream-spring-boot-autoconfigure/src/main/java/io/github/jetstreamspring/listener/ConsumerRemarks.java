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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.nats.client.api.ConsumerConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Says what may surprise the users of a consumer that the listener can use: in the log
 * once, and in the listener's status for as long as it is so.
 */
final class ConsumerRemarks {

	private static final Log logger = LogFactory.getLog(ConsumerRemarks.class);

	private final ListenerDefinition definition;

	private final ConsumerRecovery declared;

	private final ConsumerCheck check;

	private final Set<String> told = new HashSet<>();

	// As it was at the start
	private @Nullable Set<String> filter;

	private volatile @Nullable String current;

	/**
	 * Creates remarks.
	 * @param definition the listener
	 * @param declared knows what the application declares
	 * @param check knows what a consumer should be like
	 */
	ConsumerRemarks(ListenerDefinition definition, ConsumerRecovery declared, ConsumerCheck check) {
		this.definition = definition;
		this.declared = declared;
		this.check = check;
	}

	/**
	 * Returns what there is to say about the consumer as it was at the last look.
	 * @return the remarks, or {@code null} if there are none
	 */
	@Nullable String current() {
		return this.current;
	}

	/**
	 * The listener starts: what has happened before doesn't matter any more.
	 */
	synchronized void begin() {
		this.filter = null;
		this.current = null;
		this.told.clear();
	}

	/**
	 * Looks at the consumer, and tells what is new.
	 * @param found the consumer's configuration
	 */
	synchronized void look(ConsumerConfiguration found) {
		List<String> remarks = new ArrayList<>(this.check.warnings(found));
		Set<String> actual = subjects(found.getFilterSubjects());
		List<String> wanted = this.declared.filterSubjects(this.definition.stream(), this.definition.consumer());
		if (wanted != null && !subjects(wanted).equals(actual)) {
			remarks.add(("filter-subjects of the consumer is %s, but this application declares %s: the listener gets"
					+ " messages of the former only. Correct one of the two, or start the application with"
					+ " jetstream.topology.mode update")
				.formatted(text(actual), text(subjects(wanted))));
		}
		else if (wanted == null && this.filter != null && !this.filter.equals(actual)) {
			remarks.add(("filter-subjects of the consumer was %s when the listener started, and is %s now: it gets"
					+ " messages of the latter only")
				.formatted(text(this.filter), text(actual)));
		}
		if (this.filter == null) {
			this.filter = actual;
		}
		List<String> toTell = new ArrayList<>(remarks);
		Optional<String> advice = this.check.advice(found);
		if (advice.isPresent()) {
			toTell.add(advice.get());
		}
		this.told.retainAll(toTell);
		for (String remark : toTell) {
			if (this.told.add(remark)) {
				logger.warn("Listener '%s': %s".formatted(this.definition.id(), remark));
			}
		}
		if (this.current != null && remarks.isEmpty()) {
			logger.info("Listener '%s': what was wrong with its consumer is over: %s".formatted(this.definition.id(),
					this.current));
		}
		this.current = remarks.isEmpty() ? null : String.join("; ", remarks);
	}

	// Without a filter a consumer gets everything, as with this one
	private static Set<String> subjects(@Nullable List<String> filter) {
		return (filter == null || filter.isEmpty() || filter.contains("")) ? Set.of(">") : Set.copyOf(filter);
	}

	private static String text(Set<String> subjects) {
		return subjects.stream().sorted().toList().toString();
	}

}
