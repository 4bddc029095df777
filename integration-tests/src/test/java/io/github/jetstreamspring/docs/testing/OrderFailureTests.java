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

package io.github.jetstreamspring.docs.testing;

// tag::failures[]
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

import io.github.jetstreamspring.test.HandledDelivery;
import io.github.jetstreamspring.test.JetStreamTest;
import io.github.jetstreamspring.test.ListenerHarness;
import io.github.jetstreamspring.test.PublishedMessage;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

@JetStreamTest(OrderListener.class)
class OrderFailureTests {

	@Autowired
	private ListenerHarness harness;

	@MockitoBean
	private Stock stock;

	@Test
	void triesAgainWhenTheStockDoesNotAnswer() {
		given(this.stock.reserve(any())).willThrow(new IllegalStateException("no answer"));
		HandledDelivery third = this.harness.deliver("order-worker", new Order("o-1", 2)).attempt(3).send();
		assertThat(third).isRetriedAfter(Duration.ofSeconds(4)).failure().hasMessage("no answer");
		HandledDelivery last = this.harness.deliver("order-worker", new Order("o-1", 2)).attempt(10).send();
		assertThat(last).isDeadLettered("Failed 10 times");
		assertThat(this.harness.published()).isEmpty();
	}

	@Test
	void givesUpOnWhatCanNeverSucceed() {
		byte[] broken = "{\"number\": 7".getBytes(StandardCharsets.UTF_8);
		assertThat(this.harness.deliver("order-worker", broken).send()).isDeadLettered("JSON ends too early");
		assertThat(this.harness.deliver("order-worker", new Order("o-1", 0)).send()).isDeadLettered("amount");
		assertThat(this.harness.deliver("order-worker", new Order("o-1", 1)).send()).isDeadLettered("sold out");
	}

	@Test
	void asksAWeekLater() {
		given(this.stock.reserve(any())).willReturn(true);
		this.harness.deliver("order-worker", new Order("o-1", 2)).header("tenant", "acme").send();
		PublishedMessage survey = this.harness.published().get(1);
		assertThat(survey.subject()).isEqualTo("mails.survey");
		assertThat(survey.dueAt()).isAfter(Instant.now().plus(Duration.ofDays(6)));
	}

}
// end::failures[]
