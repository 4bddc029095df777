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

import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReportedViolations}.
 */
class ReportedViolationsTests {

	private final AtomicReference<String> lastError = new AtomicReference<>();

	@Test
	void whenReportIsOlderThenItSaysNothing() {
		report("Permissions Violation for Publish to \"$JS.API.CONSUMER.INFO.a.b\"");
		assertThat(new ReportedViolations(this.lastError::get).last()).isEmpty();
	}

	@Test
	void whenTheSameIsReportedAgainThenItCounts() {
		report("Permissions Violation for Publish to \"$JS.API.CONSUMER.INFO.a.b\"");
		ReportedViolations violations = new ReportedViolations(this.lastError::get);
		report("Permissions Violation for Publish to \"$JS.API.CONSUMER.INFO.a.b\"");
		assertThat(violations.last()).contains(new PermissionViolation(true, "$JS.API.CONSUMER.INFO.a.b"));
	}

	@Test
	void whenSubscriptionWasRefusedThenThatHolds() {
		report("Permissions Violation for Subscription to \"_INBOX.a.*\"");
		assertThat(new ReportedViolations(this.lastError::get).last())
			.contains(new PermissionViolation(false, "_INBOX.a.*"));
	}

	// As the client does: a text of its own for each report
	private void report(String text) {
		this.lastError.set(new String(text.toCharArray()));
	}

}
