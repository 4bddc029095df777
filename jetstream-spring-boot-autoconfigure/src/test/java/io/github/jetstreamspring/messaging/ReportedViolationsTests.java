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

import io.nats.client.Connection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ReportedViolations}.
 */
class ReportedViolationsTests {

	private final ViolationMemory memory = new ViolationMemory();

	@Test
	void whenReportIsOlderThenItSaysNothing() {
		report("Permissions Violation for Publish to \"$JS.API.CONSUMER.INFO.a.b\"");
		assertThat(new ReportedViolations(this.memory).last((violation) -> true)).isEmpty();
	}

	@Test
	void whenTheSameIsReportedAgainThenItCounts() {
		report("Permissions Violation for Publish to \"$JS.API.CONSUMER.INFO.a.b\"");
		ReportedViolations violations = new ReportedViolations(this.memory);
		report("Permissions Violation for Publish to \"$JS.API.CONSUMER.INFO.a.b\"");
		assertThat(violations.last((violation) -> true))
			.contains(new PermissionViolation(true, "$JS.API.CONSUMER.INFO.a.b"));
	}

	@Test
	void whenSubscriptionWasRefusedThenThatHolds() {
		report("Permissions Violation for Subscription to \"_INBOX.a.*\"");
		assertThat(new ReportedViolations(this.memory).last((violation) -> true))
			.contains(new PermissionViolation(false, "_INBOX.a.*"));
	}

	@Test
	void whenSomethingElseIsReportedLaterThenWhatMattersIsStillKnown() {
		ReportedViolations violations = new ReportedViolations(this.memory);
		report("Permissions Violation for Publish to \"$JS.API.CONSUMER.MSG.NEXT.a.b\"");
		report("Permissions Violation for Publish to \"$JS.API.CONSUMER.PAUSE.a.b\"");
		assertThat(violations.last((violation) -> violation.subject().contains("NEXT")))
			.contains(new PermissionViolation(true, "$JS.API.CONSUMER.MSG.NEXT.a.b"));
	}

	@Test
	void whenTheConnectionIsMadeAnewThenNothingIsKnown() {
		report("Permissions Violation for Subscription to \"_INBOX.a.*\"");
		this.memory.clear();
		assertThat(new ReportedViolations(this.memory).last((violation) -> true)).isEmpty();
	}

	@Test
	void acksOfAConsumerNeedOneRight() {
		report("Permissions Violation for Publish to \"$JS.ACK.a.b.1.2.3.4.5\"");
		report("Permissions Violation for Publish to \"$JS.ACK._.hash.a.b.1.2.3.4.5.random\"");
		assertThat(PermissionViolation.of("Permissions Violation for Publish to \"$JS.ACK.a.b.1.2.3.4.5\"").get())
			.satisfies((violation) -> {
				assertThat(violation.right()).isEqualTo("$JS.ACK.a.b.>");
				assertThat(violation.isAboutAcks("a", "b")).isTrue();
				assertThat(violation.isAboutAcks("1", "2")).isFalse();
			});
		assertThat(this.memory.last(0, (violation) -> violation.right().equals("$JS.ACK._.hash.a.b.>"))).isPresent();
	}

	@Test
	void theSignatureOfAScheduleIsNotSaid() {
		String report = "Permissions Violation for Publish to \"_schedules.orders.delayed.d1.secret\"";
		assertThat(PermissionViolation.masked(report))
			.isEqualTo("Permissions Violation for Publish to \"_schedules.orders.>\"");
		assertThat(PermissionViolation.of(report).get().describe()).endsWith("'_schedules.orders.>'");
	}

	@Test
	void whenNobodyTellsThenTheLastReportIsLookedAt() {
		Connection connection = mock(Connection.class);
		given(connection.getLastError()).willReturn("Permissions Violation for Publish to \"a\"");
		ReportedViolations violations = new ReportedViolations(connection);
		assertThat(violations.last((violation) -> true)).isEmpty();
		given(connection.getLastError()).willReturn("Permissions Violation for Publish to \"b\"");
		assertThat(violations.last((violation) -> true)).contains(new PermissionViolation(true, "b"));
	}

	private void report(String text) {
		this.memory.reported(text);
	}

}
