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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.NoStreamException;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublishResult;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestStreams;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.nats.client.JetStreamManagement;
import jakarta.annotation.PostConstruct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.catchException;

/**
 * Applications that publish while they start, on a server that has no streams yet, and on
 * one that has them.
 */
@EmbeddedNats
class EarlyPublishTests {

	private static final String SUBJECT = "orders.created";

	private static final String[] STREAMS = { "jetstream.streams.orders.subjects=orders.>",
			"jetstream.publisher.timeout=60s" };

	// By subject
	private static final Map<String, Duration> times = new ConcurrentHashMap<>();

	private EmbeddedNatsServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) {
		this.server = embedded;
	}

	@AfterEach
	void stop() {
		TestStreams.deleteAll(this.server);
	}

	@ParameterizedTest
	@ValueSource(classes = { InConstructor.class, InPostConstruct.class, InAfterPropertiesSet.class,
			InAfterSingletonsInstantiated.class })
	void whenABeanPublishesBeforeStreamsAreDeclaredThenTheFirstStartSaysSoAndTheSecondWorks(Class<?> bean)
			throws Exception {
		assertThat(NestedExceptionUtils.getMostSpecificCause(catchException(() -> run(bean, STREAMS))))
			.isInstanceOf(NoStreamException.class)
			.hasMessageContainingAll("subject '" + SUBJECT + "' yet", "declared later during start-up",
					"ApplicationRunner", "@PostConstruct");
		run(Nothing.class, STREAMS).close();
		try (ConfigurableApplicationContext context = run(bean, STREAMS)) {
			assertThat(messages(context)).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { InSmartLifecycle.class, OnContextRefreshed.class, InApplicationRunner.class })
	void whenABeanPublishesAfterStreamsAreDeclaredThenTheFirstStartWorks(Class<?> bean) throws Exception {
		try (ConfigurableApplicationContext context = run(bean, STREAMS)) {
			assertThat(messages(context)).isOne();
		}
	}

	@Test
	void whenAMessageIsTooEarlyThenItFailsWithoutWaitingForAStream() {
		run(WithTimes.class, STREAMS).close();
		assertThat(times).hasEntrySatisfying("early.single",
				(time) -> assertThat(time).isLessThan(Duration.ofSeconds(2)));
	}

	@Test
	void whenJobsAreUniqueOrPublishedTogetherThenTheSameHolds() {
		try (ConfigurableApplicationContext context = run(OtherWays.class, STREAMS)) {
			assertThat(context.getBean(OtherWays.class).failures).isNotEmpty()
				.allSatisfy((failure) -> assertThat(failure).hasMessageContaining("declared later during start-up"));
		}
	}

	@Test
	void whenAConnectionHasANameThenTheSameHoldsForItsStreams() throws Exception {
		String[] properties = { "jetstream.connections.other.servers=" + this.server.url(),
				"jetstream.connections.other.dead-letter.enabled=false",
				"jetstream.connections.other.streams.orders.subjects=orders.>" };
		assertThatException().isThrownBy(() -> run(OnNamedConnection.class, properties))
			.havingRootCause()
			.isInstanceOf(NoStreamException.class)
			.withMessageContaining("declared later during start-up");
		run(Nothing.class, properties).close();
		try (ConfigurableApplicationContext context = run(OnNamedConnection.class, properties)) {
			assertThat(messages(context)).isOne();
		}
	}

	@Test
	void whenABeanThatPublishesDefinesTheStreamThenThereIsNoCircle() throws Exception {
		try (ConfigurableApplicationContext context = run(WithOwnStream.class)) {
			assertThat(messages(context)).isOne();
		}
	}

	@Test
	void whenTheApplicationDeclaresNothingThenNothingIsSaidToComeLater() {
		assertThatException()
			.isThrownBy(
					() -> run(InPostConstruct.class, "jetstream.topology.mode=none", "jetstream.publisher.timeout=1s"))
			.havingRootCause()
			.isInstanceOf(NoStreamException.class)
			.withMessageContaining("jetstream.streams.<stream>.subjects")
			.withMessageNotContaining("later");
	}

	private ConfigurableApplicationContext run(Class<?> bean, String... properties) {
		return TestApplication.run(List.of(bean), this.server.url(), properties);
	}

	private static long messages(ConfigurableApplicationContext context) throws Exception {
		return context.getBean(JetStreamManagement.class).getStreamInfo("orders").getStreamState().getMsgCount();
	}

	static class Nothing {

	}

	static class InConstructor {

		InConstructor(JetStreamTemplate template) {
			template.publish(SUBJECT, "a");
		}

	}

	static class InPostConstruct {

		private final JetStreamTemplate template;

		InPostConstruct(JetStreamTemplate template) {
			this.template = template;
		}

		@PostConstruct
		void publish() {
			this.template.publish(SUBJECT, "a");
		}

	}

	record InAfterPropertiesSet(JetStreamTemplate template) implements InitializingBean {

		@Override
		public void afterPropertiesSet() {
			this.template.publish(SUBJECT, "a");
		}

	}

	record InAfterSingletonsInstantiated(JetStreamTemplate template) implements SmartInitializingSingleton {

		@Override
		public void afterSingletonsInstantiated() {
			this.template.publish(SUBJECT, "a");
		}

	}

	static class InSmartLifecycle implements SmartLifecycle {

		private final JetStreamTemplate template;

		private volatile boolean running;

		InSmartLifecycle(JetStreamTemplate template) {
			this.template = template;
		}

		@Override
		public void start() {
			this.template.publish(SUBJECT, "a");
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

	record OnContextRefreshed(JetStreamTemplate template) {

		@EventListener(ContextRefreshedEvent.class)
		void publish() {
			this.template.publish(SUBJECT, "a");
		}

	}

	record InApplicationRunner(JetStreamTemplate template) implements ApplicationRunner {

		@Override
		public void run(ApplicationArguments arguments) {
			this.template.publish(SUBJECT, "a");
		}

	}

	record OnNamedConnection(@Qualifier("other") JetStreamTemplate template) implements InitializingBean {

		@Override
		public void afterPropertiesSet() {
			this.template.publish(SUBJECT, "a");
		}

	}

	static class WithTimes {

		WithTimes(JetStreamTemplate template) {
			try {
				template.publish("early.single", "a");
			}
			catch (NoStreamException ex) {
				// As expected: the observer is told how long it took
			}
		}

		@Bean
		static PublishObserver observer() {
			return new PublishObserver() {

				@Override
				public void published(String subject, Duration time, @Nullable PublishResult result,
						@Nullable JetStreamException failure) {
					times.put(subject, time);
				}

			};
		}

	}

	static class OtherWays {

		private final List<Throwable> failures;

		OtherWays(JetStreamTemplate template) {
			Runnable unique = () -> template.message("a").to(SUBJECT).uniqueUntilDone("k").publish();
			Runnable together = () -> template
				.publishAtomically(List.of(template.message("a").to(SUBJECT), template.message("b").to(SUBJECT)));
			Runnable later = () -> template.message("a").to(SUBJECT).delay(Duration.ofHours(1)).publish();
			// An older server says that it can't do the others
			boolean isNew = template.connection().getServerInfo().isSameOrNewerThanVersion("2.12.1");
			this.failures = (isNew ? Stream.of(unique, together, later) : Stream.of(unique)).map(OtherWays::failure)
				.toList();
		}

		private static Throwable failure(Runnable action) {
			try {
				action.run();
			}
			catch (NoStreamException ex) {
				return ex;
			}
			throw new AssertionError("No exception");
		}

	}

	static class WithOwnStream {

		@Bean
		StreamDefinition orders(JetStreamTemplate template) {
			return StreamDefinition.limits("orders").subjects("orders.>").build();
		}

		@Bean
		ApplicationRunner publisher(JetStreamTemplate template) {
			return (arguments) -> template.publish(SUBJECT, "a");
		}

	}

}
