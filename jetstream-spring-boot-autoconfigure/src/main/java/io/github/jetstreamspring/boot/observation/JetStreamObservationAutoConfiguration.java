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

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.observation.ListenerObservationConvention;
import io.github.jetstreamspring.observation.LogContext;
import io.github.jetstreamspring.observation.ObservedDeliveries;
import io.github.jetstreamspring.observation.ObservedPublishes;
import io.github.jetstreamspring.observation.PublishObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.slf4j.MDC;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the observations of listeners
 * and publishers, and for what the log is told about the message that is being handled.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = JetStreamAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration" })
@ConditionalOnBean(JetStreamListeners.class)
public final class JetStreamObservationAutoConfiguration {

	JetStreamObservationAutoConfiguration() {
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	@ConditionalOnBean(ObservationRegistry.class)
	@ConditionalOnBooleanProperty(name = "jetstream.observation.enabled", matchIfMissing = true)
	static class ObservationConfiguration {

		// Within the log context, and around whatever else follows a handler
		@Bean
		@Order(0)
		ObservedDeliveries jetStreamObservedDeliveries(ObservationRegistry registry,
				ObjectProvider<ListenerObservationConvention> convention) {
			return new ObservedDeliveries(registry, convention.getIfAvailable());
		}

		@Bean
		@Order(0)
		ObservedPublishes jetStreamObservedPublishes(ObservationRegistry registry,
				ObjectProvider<PublishObservationConvention> convention) {
			return new ObservedPublishes(registry, convention.getIfAvailable());
		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(TracingObservationHandler.class)
		@ConditionalOnBean({ Tracer.class, Propagator.class })
		static class TracingConfiguration {

			// Ahead of Boot's own, which are there for everything else
			private static final int ORDER = 900;

			@Bean
			@Order(ORDER)
			PublishTracingHandler jetStreamPublishTracingHandler(Tracer tracer, Propagator propagator) {
				return new PublishTracingHandler(tracer, propagator);
			}

			@Bean
			@Order(ORDER)
			BatchTracingHandler jetStreamBatchTracingHandler(Tracer tracer) {
				return new BatchTracingHandler(tracer);
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MDC.class)
	@ConditionalOnBooleanProperty(name = "jetstream.log-context.enabled", matchIfMissing = true)
	static class LogContextConfiguration {

		// Outermost, as tracers have entries of their own
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		LogContext jetStreamLogContext() {
			if (ClassUtils.isPresent("io.micrometer.context.ThreadLocalAccessor", getClass().getClassLoader())) {
				LogContext.propagate();
			}
			return new LogContext();
		}

	}

}
