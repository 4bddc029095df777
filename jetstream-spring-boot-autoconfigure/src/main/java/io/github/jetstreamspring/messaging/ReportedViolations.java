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

import java.util.Optional;
import java.util.function.Predicate;

import io.nats.client.Connection;
import io.nats.client.Options;
import org.jspecify.annotations.Nullable;

/**
 * What a server forbids, as far as it has reported it since a moment. Older reports may
 * be about what is allowed by now. Only one about a subscription stays true, as a
 * subscription is refused once and for all.
 *
 * @since 0.1.0
 */
public final class ReportedViolations {

	private final ViolationMemory memory;

	private final String inboxPrefix;

	private final long before;

	/**
	 * Begins to look at reports, before something is asked for.
	 * @param connection the connection to ask on
	 */
	public ReportedViolations(Connection connection) {
		this(ViolationMemory.of(connection), inboxPrefix(connection.getOptions()));
	}

	/**
	 * Begins to look at reports, before something is asked for.
	 * @param memory remembers them
	 */
	public ReportedViolations(ViolationMemory memory) {
		this(memory, Options.DEFAULT_INBOX_PREFIX);
	}

	private ReportedViolations(ViolationMemory memory, String inboxPrefix) {
		this.memory = memory;
		this.inboxPrefix = inboxPrefix;
		this.before = memory.mark();
	}

	private static String inboxPrefix(@Nullable Options options) {
		return (options != null) ? options.getInboxPrefix() : Options.DEFAULT_INBOX_PREFIX;
	}

	/**
	 * Returns why a question has no answer.
	 * @param subject how its subject ends
	 * @return what was reported last of what can be why
	 */
	public Optional<PermissionViolation> ofQuestion(String subject) {
		return last((violation) -> violation.keepsAnswersFrom(subject, this.inboxPrefix));
	}

	/**
	 * Returns what is forbidden.
	 * @param about what can be why what was asked for has no answer
	 * @return what was reported last of it
	 */
	public Optional<PermissionViolation> last(Predicate<PermissionViolation> about) {
		return this.memory.last(this.before, about);
	}

}
