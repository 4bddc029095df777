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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.listener.RetryPolicy;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a retry policy that is a bean.
 */
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class RetryPolicyBeanTests {

	@Test
	void whenTheApplicationHasAPolicyThenListenersFollowIt(EmbeddedNatsServer server, CapturedOutput output)
			throws Exception {
		assertThat(reason(server, List.of(Failing.class, Policy.class))).startsWith("Failed 2 times");
		assertThat(output).contains("jetstream.listener.retry is not used");
	}

	@Test
	void whenAListenerHasItsOwnSettingsThenItFollowsThose(EmbeddedNatsServer server) throws Exception {
		assertThat(
				reason(server, List.of(Failing.class, Policy.class), "jetstream.listeners.worker.retry.max-attempts=4"))
			.startsWith("Failed 4 times");
	}

	@Test
	void whenThereAreSeveralPoliciesThenNoneIsUsedAndThatIsSaid(EmbeddedNatsServer server, CapturedOutput output)
			throws Exception {
		assertThat(reason(server, List.of(Failing.class, Policy.class, OtherPolicy.class)))
			.startsWith("Failed 3 times");
		assertThat(output).contains("there is more than one RetryPolicy");
	}

	private static String reason(EmbeddedNatsServer server, List<Class<?>> beans, String... properties)
			throws Exception {
		try (Worker worker = Worker.run(server.url(), beans, properties)) {
			worker.template().publish("jobs.a", "a");
			await().until(() -> worker.size("dead-letters") == 1);
			return worker.message("dead-letters", 1).getHeaders().getFirst("Dead-Letter-Reason");
		}
	}

	static class Failing {

		@JetStreamListener("worker")
		void handle(String job) {
			throw new IllegalStateException("down");
		}

	}

	static class Policy {

		// tag::policy[]
		@Bean
		RetryPolicy retryPolicy() {
			return RetryPolicy.exponential(2, Duration.ofMillis(10), 3, Duration.ofMinutes(10), 0.1);
		}
		// end::policy[]

	}

	static class OtherPolicy {

		@Bean
		RetryPolicy otherRetryPolicy() {
			return RetryPolicy.exponential(5, Duration.ofMillis(10), 1, Duration.ofMillis(10), 0);
		}

	}

}
