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

package io.github.jetstreamspring.test.slice;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.HandledDelivery;
import io.github.jetstreamspring.test.JetStreamTest;
import io.github.jetstreamspring.test.ListenerHarness;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

/**
 * Listeners that are no components, and the application's template without a server.
 */
@JetStreamTest(value = PlainListener.class, properties = { "spring.config.location=classpath:slice/application.yml",
		"jetstream.streams.mails.allow-atomic-publish=true" })
class NamedListenerTests {

	@Autowired
	private ListenerHarness harness;

	@Autowired
	private JetStreamTemplate template;

	@Autowired
	private Connection connection;

	@Autowired
	private JetStreamManagement management;

	@Autowired
	private JetStreamListeners listeners;

	@Test
	void whenTheFilterHasWildcardsThenTheSubjectMustBeSaid() {
		assertThatIllegalStateException().isThrownBy(() -> this.harness.deliver("plain", new Order("o-1", 1)).send())
			.withMessage(
					"Listener 'plain' gets messages from [orders.*.plain]. Say which subject this one has: .subject(\"…\")");
		HandledDelivery result = this.harness.deliver("plain", new Order("o-1", 1)).subject("orders.eu.plain").send();
		assertThat(result).isAcked();
		assertThat(this.harness.published()).singleElement()
			.satisfies((reply) -> assertThat(reply.payloadAs(String.class)).isEqualTo("o-1 of orders.eu.plain"));
	}

	@Test
	void whenTheSubjectHasWildcardsThenItIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.harness.deliver("plain", new Order("o-1", 1)).subject("orders.*.plain"))
			.withMessageContaining("without wildcards");
	}

	@Test
	void whenTheFilterHasSeveralSubjectsThenTheSubjectMustBeSaid() {
		assertThatIllegalStateException().isThrownBy(() -> this.harness.deliver("several", new Order("o", 1)).send())
			.withMessageContaining("[orders.a, orders.b]");
		List<HandledDelivery> handled = this.harness
			.deliverBatch("several", List.of(new Order("o-1", 1), new Order("o-2", 1)))
			.subject("orders.b")
			.send();
		assertThat(handled).hasSize(2).allSatisfy((one) -> assertThat(one).isAcked());
		assertThat(this.harness.published()).singleElement()
			.satisfies((message) -> assertThat(message.payloadAs(Integer.class)).isEqualTo(2));
	}

	@Test
	void whenNobodyKnowsTheSubjectsThenTheSubjectMustBeSaid() {
		assertThatIllegalStateException().isThrownBy(() -> this.harness.deliver("foreign", "x").send())
			.withMessageContaining("Nothing here says which subjects listener 'foreign' gets messages from");
		assertThat(this.harness.deliver("foreign", "x").subject("any.thing").send()).isAcked();
	}

	@Test
	void whenThereAreNoMessagesThenItIsNoBatch() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.harness.deliverBatch("several", List.of()));
	}

	@Test
	void whatIsDelayedIsThereWithItsTime() {
		this.template.message("later").to("orders.later").id("job-1").delay(Duration.ofHours(1)).publish();
		this.template.message("elsewhere").to("nobodys.subject").delay(Duration.ofHours(2)).publish();
		assertThat(this.harness.published()).satisfiesExactly((first) -> {
			assertThat(first.subject()).isEqualTo("orders.later");
			assertThat(first.id()).isEqualTo("job-1");
			assertThat(first.dueAt()).isCloseTo(Instant.now().plus(Duration.ofHours(1)), within(Duration.ofMinutes(1)));
			assertThat(first.headers()).containsOnlyKeys("Nats-Msg-Id");
		}, (second) -> assertThat(second.subject()).isEqualTo("nobodys.subject"));
	}

	@Test
	void whenTheStreamAllowsNoDelayThenThatIsSaidAsInProduction() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> this.template.message("x").to("mails.later").delay(Duration.ofHours(1)).publish())
			.withMessageContaining("jetstream.streams.mails.allow-message-schedules=true");
	}

	@Test
	void whatIsPublishedTogetherIsThere() {
		this.template
			.publishAll(List.of(this.template.message("1").to("mails.a"), this.template.message("2").to("mails.b")));
		this.template.publishAtomically(
				List.of(this.template.message("3").to("mails.c"), this.template.message("4").to("mails.d")));
		assertThat(this.harness.published()).extracting("subject")
			.containsExactly("mails.a", "mails.b", "mails.c", "mails.d");
		assertThat(this.harness.published())
			.allSatisfy((message) -> assertThat(message.headers()).containsOnlyKeys("Nats-Msg-Id"));
	}

	@Test
	void whatIsUniqueUntilItIsDoneIsThere() {
		this.template.message("x").to("orders.unique").uniqueUntilDone("key").publish();
		assertThat(this.harness.published()).extracting("subject").containsExactly("orders.unique.key");
	}

	@Test
	void whenAReplyIsWaitedForThenThatIsRefusedAtOnceAndTheRequestIsThere() {
		assertThatExceptionOfType(JetStreamException.class)
			.isThrownBy(() -> this.template.request("orders.asked", "x", String.class, Duration.ofMinutes(1)))
			.withMessageContaining("There is no server in this test, and 'request'")
			.withCauseInstanceOf(UnsupportedOperationException.class);
		assertThat(this.harness.published()).extracting("subject").containsExactly("orders.asked");
	}

	@Test
	void whatNeedsAServerSaysSo() {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.management.getStreamNames())
			.withMessageContaining("'getStreamNames'")
			.withMessageContaining("@EmbeddedNats");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.connection.subscribe("orders.>"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> this.template.cancel("job-1"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> this.listeners.start("plain"));
		assertThat(this.listeners.isRunning()).isFalse();
	}

}
