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
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What a server forbids, as far as it has reported it since a moment. Older reports may
 * be about what is allowed by now. Only one about a subscription stays true, as a
 * subscription is refused once and for all.
 *
 * @since 0.1.0
 */
public final class ReportedViolations {

	private final Supplier<@Nullable String> lastError;

	private final @Nullable String before;

	/**
	 * Begins to look at reports, before something is asked for.
	 * @param lastError returns what the server reported last, which is another object for
	 * each report
	 */
	public ReportedViolations(Supplier<@Nullable String> lastError) {
		this.lastError = lastError;
		this.before = lastError.get();
	}

	/**
	 * Returns what is forbidden.
	 * @return what was reported last, if it can be why what was asked for has no answer
	 */
	public Optional<PermissionViolation> last() {
		String last = this.lastError.get();
		boolean fresh = (last != this.before);
		return PermissionViolation.of(last).filter((violation) -> fresh || !violation.publish());
	}

}
