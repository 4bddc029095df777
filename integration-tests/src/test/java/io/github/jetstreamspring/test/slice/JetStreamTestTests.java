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

import java.util.List;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.test.HandledDelivery;
import io.github.jetstreamspring.test.JetStreamTest;
import io.github.jetstreamspring.test.ListenerHarness;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;

@JetStreamTest(listeners = OrderListener.class, properties = "spring.config.location=classpath:slice/application.yml")
class JetStreamTestTests {

	@Autowired
	private ListenerHarness harness;

	@MockitoBean
	private Stock stock;

	@Autowired
	private ApplicationContext context;

	@Test
	void whenAListenerIsNamedThenTheOthersAreNotThere() {
		assertThat(this.context.getBean(JetStreamListeners.class).ids()).containsExactly("order-worker");
		assertThat(this.context.getBeansOfType(MailListener.class)).isEmpty();
	}

	@Test
	void whenTheHandlerReturnsThenWhatItPublishedIsThere() {
		given(this.stock.reserve("o-1")).willReturn(true);
		HandledDelivery result = this.harness.deliver("order-worker", new Order("o-1", 1)).send();
		assertThat(result).isAcked();
		assertThat(this.harness.published()).singleElement().satisfies((message) -> {
			assertThat(message.subject()).isEqualTo("mails.receipt");
			assertThat(message.payloadAs(String.class)).isEqualTo("o-1");
			assertThat(message.id()).isNotBlank();
		});
	}

	@Test
	void whenATestBeginsThenNothingIsPublished() {
		assertThat(this.harness.published()).isEmpty();
		given(this.stock.reserve(anyString())).willReturn(true);
		this.harness.deliver("order-worker", new Order("o-2", 1)).send();
		assertThat(this.harness.published()).hasSize(1);
	}

	@Test
	void whenThePayloadIsInvalidThenItIsADeadLetter() {
		assertThat(this.harness.deliver("order-worker", new Order("o-1", 0)).send()).isDeadLettered("amount");
		assertThat(this.harness.deliver("order-worker", "{}".getBytes()).send()).isDeadLettered("amount");
	}

	@Test
	void whenTheHandlerDeclinesThenItSaysWhy() {
		assertThat(this.harness.deliver("order-worker", new Order("o-1", 1)).send()).isDeadLettered("sold out")
			.failure()
			.hasMessage("sold out");
	}

	@Test
	void theApplicationsInterceptorsTakePart() {
		this.harness.deliver("order-worker", new Order("o-1", 1)).send();
		assertThat(this.context.getBean(Audit.class).seen).contains("orders.created");
	}

	@Test
	void whenTheConsumerHasOtherSubjectsThenThatIsSaid() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.harness.deliver("order-worker", new Order("o-1", 1)).subject("orders.other").send())
			.withMessage(
					"Listener 'order-worker' gets no messages with subject 'orders.other', as its consumer has none but [orders.created]");
	}

	@Test
	void whenThereIsNoSuchListenerThenThoseThatAreThereAreNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.harness.deliver("mailer", "x"))
			.withMessageContaining("There is no listener with the id 'mailer', only [order-worker]");
	}

	@Nested
	@JetStreamTest(properties = "spring.config.location=classpath:slice/application.yml")
	class WithoutNames {

		@Autowired
		private ListenerHarness all;

		@Test
		void allOfTheApplicationsListenersAreThere() {
			assertThat(this.all.deliver("mailer", " ").send()).isRetried();
			assertThat(this.all.deliver("mailer", "x").send()).isAcked();
		}

	}

	@Test
	void whenTheWrongBatchIsDeliveredThenThatIsSaid() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.harness.deliverBatch("order-worker", List.of("x")))
			.withMessageContaining("takes its messages one by one");
	}

}
