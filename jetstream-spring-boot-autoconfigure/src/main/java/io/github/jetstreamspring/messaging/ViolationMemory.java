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

package io.github.jetstreamspring.messaging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.nats.client.Connection;
import io.nats.client.Options;
import org.jspecify.annotations.Nullable;

/**
 * What the server of a connection has forbidden, by what would have to be allowed. The
 * client itself remembers only what was reported last, be it about whatever.
 *
 * @since 0.1.0
 */
public final class ViolationMemory {

	private static final int MOST = 1000;

	// Guarded by this, as all below; the newest comes last
	private final Map<String, Entry> entries = new LinkedHashMap<>();

	private final Supplier<@Nullable String> lastError;

	private @Nullable String seen;

	private volatile long count;

	/**
	 * Creates a memory that is told everything by {@link #reported}.
	 */
	public ViolationMemory() {
		this(() -> null);
	}

	private ViolationMemory(Supplier<@Nullable String> lastError) {
		this.lastError = lastError;
		poll();
	}

	/**
	 * Returns what is remembered of a connection.
	 * @param connection the connection
	 * @return its memory; if its error listener has none, one of what is reported last
	 * whenever somebody looks
	 */
	public static ViolationMemory of(Connection connection) {
		Options options = connection.getOptions();
		return (options != null && options.getErrorListener() instanceof Keeper keeper) ? keeper.violations()
				: new ViolationMemory(connection::getLastError);
	}

	/**
	 * Takes a report, which may be about something else.
	 * @param error what the server says
	 */
	public void reported(@Nullable String error) {
		PermissionViolation.of(error).ifPresent(this::add);
	}

	private synchronized void add(PermissionViolation violation) {
		String right = violation.publish() + violation.right();
		this.entries.remove(right);
		this.entries.put(right, new Entry(violation, ++this.count));
		if (this.entries.size() > MOST) {
			this.entries.remove(this.entries.keySet().iterator().next());
		}
	}

	/**
	 * Forgets all, as another connection is made: what is still forbidden is reported
	 * again.
	 */
	public synchronized void clear() {
		this.entries.clear();
	}

	// Another object for each report
	private synchronized void poll() {
		String last = this.lastError.get();
		if (last != this.seen) {
			this.seen = last;
			reported(last);
		}
	}

	/**
	 * Returns how much was reported until now.
	 * @return a number for {@link #last}
	 */
	public long mark() {
		poll();
		return this.count;
	}

	/**
	 * Returns what was reported last of what matters.
	 * @param mark what was reported until then doesn't matter, but for subscriptions:
	 * they are refused once and for all
	 * @param about what matters
	 * @return the violation
	 */
	public Optional<PermissionViolation> last(long mark, Predicate<PermissionViolation> about) {
		poll();
		if (this.count == 0) {
			return Optional.empty();
		}
		List<Entry> known;
		synchronized (this) {
			known = new ArrayList<>(this.entries.values());
		}
		PermissionViolation last = null;
		for (Entry entry : known) {
			if ((entry.number() > mark || !entry.violation().publish()) && about.test(entry.violation())) {
				last = entry.violation();
			}
		}
		return Optional.ofNullable(last);
	}

	/**
	 * Who is told all errors of a connection, and remembers violations.
	 */
	public interface Keeper {

		/**
		 * Returns what is remembered.
		 * @return the memory
		 */
		ViolationMemory violations();

	}

	private record Entry(PermissionViolation violation, long number) {
	}

}
