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
package io.github.jetstreamspring.boot.observation;

import java.io.IOException;
import java.util.List;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.boot.metrics.JetStreamMetricsAutoConfiguration;
import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.observation.LogContext;
import io.github.jetstreamspring.observation.ObservedDeliveries;
import io.github.jetstreamspring.observation.ObservedPublishes;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link JetStreamObservationAutoConfiguration}.
 */
class JetStreamObservationAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withPropertyValues("jetstream.topology.mode=none")
		.withConfiguration(AutoConfigurations.of(JetStreamAutoConfiguration.class,
				JetStreamObservationAutoConfiguration.class, JetStreamMetricsAutoConfiguration.class))
		.withBean(Connection.class, JetStreamObservationAutoConfigurationTests::connection);

	private final ApplicationContextRunner observed = this.contextRunner.withBean(ObservationRegistry.class,
			ObservationRegistry::create);

	private final ApplicationContextRunner traced = this.observed.withBean(Tracer.class, () -> Tracer.NOOP)
		.withBean(Propagator.class, () -> Propagator.NOOP);

	@Test
	void whenThereIsARegistryThenPublishingAndHandlersAreObserved() {
		this.observed.run((context) -> assertThat(context).hasSingleBean(ObservedDeliveries.class)
			.hasSingleBean(ObservedPublishes.class)
			.doesNotHaveBean(TracingObservationHandler.class));
	}

	@Test
	void whenThereIsNoRegistryThenNothingIsObserved() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(LogContext.class)
			.doesNotHaveBean(ObservedDeliveries.class)
			.doesNotHaveBean(ObservedPublishes.class));
	}

	@Test
	void whenObservationsAreSwitchedOffThenThereAreTheOldTimers() {
		this.traced.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("jetstream.observation.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ObservedDeliveries.class)
				.doesNotHaveBean(ObservedPublishes.class)
				.doesNotHaveBean(TracingObservationHandler.class)
				.doesNotHaveBean(MeterObservationHandler.class)
				.hasBean("jetStreamMicrometerPublishObserver"));
	}

	@Test
	void whenObservedThenTimesAreMeasuredOnce() {
		this.observed.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasSingleBean(MeterObservationHandler.class)
				.doesNotHaveBean("jetStreamMicrometerPublishObserver"));
	}

	@Test
	void whenThereIsATracerThenSpansAreLinked() {
		this.traced.run((context) -> assertThat(context.getBeansOfType(TracingObservationHandler.class)).hasSize(2));
	}

	@Test
	void whenOptionalLibrariesAreMissingThenTheRestWorks() {
		for (Class<?> missing : List.of(ObservationRegistry.class, TracingObservationHandler.class, MDC.class,
				ThreadLocalAccessor.class)) {
			this.contextRunner.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(JetStreamTemplate.class));
		}
		this.observed.withClassLoader(new FilteredClassLoader(TracingObservationHandler.class))
			.run((context) -> assertThat(context).hasSingleBean(ObservedDeliveries.class));
		this.observed.withClassLoader(new FilteredClassLoader(MDC.class))
			.run((context) -> assertThat(context).hasSingleBean(ObservedDeliveries.class)
				.doesNotHaveBean(LogContext.class));
		this.observed.withClassLoader(new FilteredClassLoader(ThreadLocalAccessor.class))
			.run((context) -> assertThat(context).hasSingleBean(LogContext.class));
	}

	@Test
	void whenTheLogContextIsSwitchedOffThenThereIsNone() {
		this.contextRunner.withPropertyValues("jetstream.log-context.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(DeliveryObserver.class));
	}

	@Test
	void whenThereIsNoJetStreamThenNothingIsObserved() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JetStreamObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ObservedDeliveries.class)
				.doesNotHaveBean(LogContext.class));
	}

	private static Connection connection() {
		Connection connection = mock(Connection.class);
		given(connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		given(connection.createInbox()).willReturn("_INBOX.test");
		given(connection.createDispatcher()).willReturn(mock(Dispatcher.class));
		try {
			given(connection.jetStreamManagement()).willReturn(mock(JetStreamManagement.class));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return connection;
	}

}
