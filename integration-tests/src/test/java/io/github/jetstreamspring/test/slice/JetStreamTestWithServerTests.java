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

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.JetStreamTest;
import io.github.jetstreamspring.test.ListenerHarness;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.timeout;

/**
 * The slice with a server, whatever the application's configuration says.
 */
@EmbeddedNats
@JetStreamTest(value = OrderListener.class,
		properties = { "spring.config.location=classpath:slice/server.yml", "jetstream.enabled=false" })
class JetStreamTestWithServerTests {

	@Autowired
	private JetStreamTemplate template;

	@Autowired
	private JetStreamListeners listeners;

	@Autowired
	private ApplicationContext context;

	@MockitoBean
	private Stock stock;

	@Test
	void theListenerRunsAndThereIsNoHarness() {
		assertThat(this.context.getBeansOfType(ListenerHarness.class)).isEmpty();
		assertThat(this.listeners.state("order-worker")).isEqualTo(ListenerState.RUNNING);
		this.template.publish("orders.created", new Order("o-9", 1));
		then(this.stock).should(timeout(Duration.ofSeconds(10).toMillis())).reserve("o-9");
	}

}
