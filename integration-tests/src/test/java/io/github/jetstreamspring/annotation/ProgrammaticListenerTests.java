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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.JetStreamListenerConfigurer;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerIdleEvent;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Listeners that are made in code, groups of listeners, and idle ones.
 */
@EmbeddedNats
@ExtendWith(OutputCaptureExtension.class)
class ProgrammaticListenerTests {

	private static final String SECOND = "jetstream.streams.jobs.consumers.second.filter-subjects=jobs.second";

	private static final String FIRST = "jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.a";

	@Test
	void whenABeanRegistersAListenerThenItStartsWithTheApplicationAndItsSettings(EmbeddedNatsServer server,
			CapturedOutput output) {
		try (Worker worker = Worker.run(server.url(), List.of(Handled.class, Configurers.class),
				"jetstream.listeners.acme.concurrency=7")) {
			worker.template().publish("jobs.a", "a");
			await().until(() -> worker.bean(Handled.class).payloads().contains("a"));
			assertThat(worker.listeners().status("acme").concurrency()).isEqualTo(7);
			assertThat(output).doesNotContain("settings for listeners that don't exist");
			worker.context().stop();
			worker.context().start();
			worker.template().publish("jobs.a", "b");
			await().until(() -> worker.bean(Handled.class).payloads().contains("b"));
		}
	}

	@Test
	void whenSeveralBeansRegisterTheSameIdThenTheStartFails(EmbeddedNatsServer server) {
		assertThatException()
			.isThrownBy(
					() -> Worker.run(server.url(), List.of(Handled.class, Configurers.class, OtherConfigurer.class)))
			.withStackTraceContaining("There is a listener with the id 'acme' already");
	}

	@Test
	void whenAListenerIsRegisteredAtRunTimeThenItWorksUntilItIsUnregistered(EmbeddedNatsServer server)
			throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Handled.class))) {
			JetStreamListeners listeners = worker.listeners();
			Handled handled = worker.bean(Handled.class);
			listeners.register(Configurers.tenant("acme", worker.bean(ListenerSettings.class), handled));
			assertThat(listeners.state("acme")).isEqualTo(ListenerState.RUNNING);
			worker.template().publish("jobs.a", "a");
			await().until(() -> worker.size("jobs") == 0);
			listeners.unregister("acme");
			assertThat(listeners.ids()).isEmpty();
			assertThatIllegalArgumentException().isThrownBy(() -> listeners.start("acme"));
			worker.template().publish("jobs.a", "b");
			listeners.register(Configurers.tenant("acme", worker.bean(ListenerSettings.class), handled));
			await().until(() -> worker.size("jobs") == 0);
			assertThat(handled.payloads()).containsExactly("a", "b");
		}
	}

	@Test
	void whenTheConsumerIsMissingThenItIsNotRegisteredAtRunTime(EmbeddedNatsServer server) {
		try (Worker worker = Worker.run(server.url(), List.of())) {
			ListenerDefinition definition = ListenerDefinition.of("nobody", "jobs", "nobody", ListenerOptions.NONE,
					new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null);
			assertThatIllegalStateException().isThrownBy(() -> worker.listeners().register(definition))
				.withMessageContaining("consumer 'nobody' of stream 'jobs' can't be used");
		}
	}

	@Test
	void whenAGroupIsStoppedAndStartedThenAllOfItAreAndNoOther(EmbeddedNatsServer server) throws Exception {
		try (Worker worker = Worker.run(server.url(), List.of(Grouped.class), FIRST, SECOND,
				"jetstream.streams.results.consumers.third.ack-wait=5s",
				"jetstream.listeners.second.listener-group=billing")) {
			JetStreamListeners listeners = worker.listeners();
			Grouped grouped = worker.bean(Grouped.class);
			// Handlers are waited for, side by side
			worker.template().publish("jobs.a", "a");
			grouped.running.await();
			Thread stopping = new Thread(() -> listeners.stopGroup("billing"));
			stopping.start();
			await().until(() -> listeners.state("second") == ListenerState.STOPPED);
			assertThat(stopping.isAlive()).isTrue();
			grouped.release.countDown();
			stopping.join();
			assertThat(listeners.state("worker")).isEqualTo(ListenerState.STOPPED);
			assertThat(listeners.state("third")).isEqualTo(ListenerState.RUNNING);
			listeners.startGroup("billing");
			assertThat(listeners.statuses())
				.allSatisfy((status) -> assertThat(status.state()).isEqualTo(ListenerState.RUNNING));
			assertThatIllegalArgumentException().isThrownBy(() -> listeners.stopGroup("biling"))
				.withMessage("There is no listener in a group 'biling', only in [billing]");
			assertThatIllegalArgumentException().isThrownBy(() -> listeners.startGroup("biling"));
		}
	}

	@Test
	void whenAListenerGetsNothingThenThatIsAnEventEachInterval(EmbeddedNatsServer server) {
		try (Worker worker = Worker.run(server.url(), List.of(Idle.class), FIRST, SECOND,
				"jetstream.listeners.worker.idle-event-interval=1s")) {
			Idle idle = worker.bean(Idle.class);
			await().until(() -> idle.events.size() >= 2);
			assertThat(idle.events).extracting(ListenerIdleEvent::getListener).containsOnly("worker");
			assertThat(idle.events).extracting(ListenerIdleEvent::getIdleTime)
				.satisfies((times) -> assertThat(times.get(0)).isGreaterThanOrEqualTo(Duration.ofSeconds(1)))
				.satisfies((times) -> assertThat(times.get(1)).isGreaterThanOrEqualTo(Duration.ofSeconds(2)));
			worker.template().publish("jobs.a", "a");
			await().until(() -> idle.handled);
			idle.events.clear();
			await().until(() -> !idle.events.isEmpty());
			// Counted from the message on
			assertThat(idle.events.peek().getIdleTime()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Configurers {

		// tag::configurer[]
		@Bean
		JetStreamListenerConfigurer tenants(ListenerSettings settings, Handled handled) {
			return (listeners) -> listeners.register(tenant("acme", settings, handled));
		}
		// end::configurer[]

		// tag::definition[]
		static ListenerDefinition tenant(String tenant, ListenerSettings settings, Handled handled) {
			DeliveryHandler handler = (delivery, message) -> {
				handled.add(tenant, new String(message.getData(), StandardCharsets.UTF_8));
				return null;
			};
			ListenerOptions options = settings.options(tenant, ListenerOptions.builder().concurrency(2).build());
			return ListenerDefinition.of(tenant, "jobs", "worker", options,
					new ExceptionTypeFilter(List.of(), List.of()), handler);
		}
		// end::definition[]

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherConfigurer {

		@Bean
		JetStreamListenerConfigurer others(ListenerSettings settings, Handled handled) {
			return (listeners) -> listeners.register(Configurers.tenant("acme", settings, handled));
		}

	}

	static class Grouped {

		private final CountDownLatch running = new CountDownLatch(1);

		private final CountDownLatch release = new CountDownLatch(1);

		@JetStreamListener(value = "worker", group = "billing", concurrency = "1")
		void first(String job) throws InterruptedException {
			this.running.countDown();
			this.release.await();
		}

		@JetStreamListener("second")
		void second(String job) {
		}

		@JetStreamListener("third")
		void third(String job) {
		}

	}

	static class Idle {

		private final Queue<ListenerIdleEvent> events = new ConcurrentLinkedQueue<>();

		private volatile boolean handled;

		@JetStreamListener("worker")
		void first(String job) {
			this.handled = true;
		}

		@JetStreamListener("second")
		void second(String job) {
		}

		@EventListener
		void idle(ListenerIdleEvent event) {
			this.events.add(event);
		}

	}

}
