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
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.AbstractRefreshableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for listeners in contexts that are stopped, started, refreshed and nested.
 */
@EmbeddedNats
class ListenerContextTests {

	private static EmbeddedNatsServer server;

	@BeforeAll
	static void start(EmbeddedNatsServer embedded) {
		server = embedded;
	}

	@AfterEach
	void cleanUp() {
		Capturing.connection.set(null);
		Capturing.listeners.set(null);
		TestStreams.deleteAll(server);
	}

	@Test
	void whenAContextIsStoppedAndStartedThenItWorksAsBefore() throws Exception {
		Connection other = TestConnections.connect(server.url());
		try (Worker worker = worker()) {
			for (int round = 1; round <= 3; round++) {
				worker.context().stop();
				worker.context().stop();
				assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.STOPPED);
				other.jetStream().publish("jobs.a", ("job " + round).getBytes(StandardCharsets.UTF_8));
				worker.context().start();
				worker.context().start();
				assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.RUNNING);
				handles(worker, round);
			}
		}
		finally {
			other.close();
		}
	}

	@Test
	void whenAContextIsPausedAndRestartedThenItWorksAsBefore() {
		// As the cache of Spring's test contexts does
		try (Worker worker = worker()) {
			worker.context().pause();
			assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.STOPPED);
			// The connection stays, as a pause may be short
			worker.template().publish("jobs.a", "a");
			worker.context().restart();
			handles(worker, 1);
			worker.context().restart();
			worker.template().publish("jobs.b", "b");
			handles(worker, 2);
		}
	}

	@Test
	void whenAListenerWasStoppedByHandThenItStartsWithTheContext() {
		try (Worker worker = worker()) {
			worker.listeners().stop("worker");
			worker.context().stop();
			worker.context().start();
			assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.RUNNING);
		}
	}

	@Test
	void whenAListenerDoesNotStartByItselfThenItStaysStopped() {
		try (Worker worker = worker("jetstream.listeners.worker.auto-startup=false")) {
			worker.context().stop();
			worker.context().start();
			assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.STOPPED);
		}
	}

	@Test
	void whenAContextIsRefreshedAnewThenTheNewBeansHandle() {
		try (Worker worker = worker("jetstream.listeners.worker.auto-startup=false")) {
			RefreshableContext context = new RefreshableContext();
			TestPropertyValues
				.of("jetstream.servers=" + server.url(), "jetstream.streams.jobs.subjects=jobs.>",
						"jetstream.streams.jobs.consumers.worker.ack-wait=5s")
				.applyTo(context);
			context.refresh();
			Object first = context.getBean(Handler.class);
			Connection connection = context.getBean(Connection.class);
			context.refresh();
			assertThat(connection.getStatus()).isEqualTo(Connection.Status.CLOSED);
			context.getBean(JetStreamTemplate.class).publish("jobs.a", "a");
			Handled handled = context.getBean(Handled.class);
			await().untilAsserted(() -> assertThat(handled.payloads()).containsExactly("a"));
			assertThat(handled.handlers()).doesNotContain(first).containsExactly(context.getBean(Handler.class));
			context.close();
			assertThat(worker.bean(Handled.class).payloads()).isEmpty();
		}
	}

	@Test
	void whenAContextFailsHalfWayThenNothingIsLeftBehind() {
		assertThatExceptionOfType(BeanCreationException.class)
			.isThrownBy(() -> Worker.run(server.url(), List.of(HalfWay.class, Capturing.class)))
			.withStackTraceContaining("half way");
		assertThat(Capturing.connection.get().getStatus()).isEqualTo(Connection.Status.CLOSED);
		assertThatExceptionOfType(ApplicationContextException.class)
			.isThrownBy(() -> Worker.run(server.url(), List.of(HalfWay.class, CapturingLate.class)))
			.withStackTraceContaining("too late");
		assertThat(Capturing.connection.get().getStatus()).isEqualTo(Connection.Status.CLOSED);
		assertThat(Capturing.listeners.get().ids()).isEmpty();
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().startsWith("half-way-worker-")));
	}

	@Test
	void whenParentAndChildAreAutoConfiguredThenEachHasListenersOnOneConnection() throws Exception {
		try (Worker worker = worker("jetstream.streams.jobs.consumers.child.filter-subjects=jobs.child",
				"jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.parent")) {
			ConfigurableApplicationContext child = child(worker, ChildBeans.class, AutoConfigured.class);
			assertThat(child.getBean(Connection.class)).isSameAs(worker.bean(Connection.class));
			JetStreamListeners listeners = child.getBean(JetStreamListeners.class);
			assertThat(listeners.ids()).containsExactly("child");
			assertThat(worker.listeners().ids()).containsExactly("worker");
			worker.template().publish("jobs.child", "c");
			worker.template().publish("jobs.parent", "p");
			handles(worker, 2);
			child.stop();
			assertThat(listeners.state("child")).isEqualTo(ListenerState.STOPPED);
			child.start();
			assertThat(listeners.state("child")).isEqualTo(ListenerState.RUNNING);
			child.close();
			assertThat(listeners.isRunning()).isFalse();
			assertThat(worker.listeners().state("worker")).isEqualTo(ListenerState.RUNNING);
			worker.template().publish("jobs.parent", "p");
			handles(worker, 3);
		}
	}

	@Test
	void whenAChildLooksForListenersThenThoseOfTheParentRunThemUntilItCloses() {
		try (Worker worker = worker("jetstream.streams.jobs.consumers.child.filter-subjects=jobs.child",
				"jetstream.streams.jobs.consumers.worker.filter-subjects=jobs.parent")) {
			ConfigurableApplicationContext child = child(worker, ChildBeans.class, Enabled.class);
			assertThat(worker.listeners().ids()).containsExactlyInAnyOrder("worker", "child");
			worker.template().publish("jobs.child", "c");
			handles(worker, 1);
			child.close();
			assertThat(worker.listeners().ids()).containsExactly("worker");
		}
	}

	@Test
	void whenAChildDoesNotLookForListenersThenItsStartSaysWhatToDo() {
		try (Worker worker = worker()) {
			assertThatExceptionOfType(ListenerConfigurationException.class)
				.isThrownBy(() -> child(worker, ChildBeans.class))
				.satisfies((ex) -> assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
					assertThat(problem.listener()).isEqualTo("child");
					assertThat(problem.description()).contains("child context");
					assertThat(problem.fix()).contains("@EnableJetStream");
				}));
			child(worker, NoListener.class).close();
		}
	}

	private static void handles(Worker worker, int count) {
		await().untilAsserted(() -> assertThat(worker.bean(Handled.class).payloads()).hasSize(count));
		await().until(() -> worker.size("jobs") == 0);
	}

	private static Worker worker(String... properties) {
		return Worker.run(server.url(), List.of(Beans.class), properties);
	}

	private static ConfigurableApplicationContext child(Worker parent, Class<?>... beans) {
		AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
		child.setParent(parent.context());
		child.register(beans);
		child.refresh();
		return child;
	}

	static class Handler {

		private final Handled handled;

		Handler(Handled handled) {
			this.handled = handled;
		}

		@JetStreamListener("worker")
		void handle(String job) {
			this.handled.add(this, job);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		Handled handled() {
			return new Handled();
		}

		@Bean
		Handler handler(Handled handled) {
			return new Handler(handled);
		}

	}

	static class ChildHandler {

		private final Handled handled;

		ChildHandler(Handled handled) {
			this.handled = handled;
		}

		@JetStreamListener("child")
		void handle(String job) {
			this.handled.add(this, job);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ChildBeans {

		@Bean
		ChildHandler childHandler(Handled handled) {
			return new ChildHandler(handled);
		}

	}

	static class NoListener {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class AutoConfigured {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJetStream
	static class Enabled {

	}

	static class HalfWay {

		@JetStreamListener(value = "worker", id = "half-way-worker")
		void handle(String job) {
		}

	}

	static class Capturing {

		private static final AtomicReference<Connection> connection = new AtomicReference<>();

		private static final AtomicReference<JetStreamListeners> listeners = new AtomicReference<>();

		Capturing(Connection connection, JetStreamListeners listeners) {
			Capturing.connection.set(connection);
			Capturing.listeners.set(listeners);
			throw new IllegalStateException("half way");
		}

	}

	static class CapturingLate implements SmartLifecycle {

		CapturingLate(Connection connection, JetStreamListeners listeners) {
			Capturing.connection.set(connection);
			Capturing.listeners.set(listeners);
		}

		@Override
		public void start() {
			throw new IllegalStateException("too late");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

		@Override
		public int getPhase() {
			return JetStreamListeners.PHASE + 1;
		}

	}

	static class RefreshableContext extends AbstractRefreshableApplicationContext {

		@Override
		protected void loadBeanDefinitions(DefaultListableBeanFactory beanFactory) {
			new AnnotatedBeanDefinitionReader(beanFactory, getEnvironment()).register(Beans.class,
					AutoConfigured.class);
		}

	}

}
