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

package io.github.jetstreamspring.boot.metrics;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.boot.observation.JetStreamObservationAutoConfiguration;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.observation.ObservedDeliveries;
import io.github.jetstreamspring.observation.ObservedPublishes;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the metrics of listeners and
 * publishers.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { JetStreamAutoConfiguration.class, JetStreamObservationAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, JetStreamListeners.class })
public final class JetStreamMetricsAutoConfiguration {

	JetStreamMetricsAutoConfiguration() {
	}

	@Bean
	MicrometerDeliveryObserver jetStreamMicrometerDeliveryObserver(MeterRegistry registry,
			ObjectProvider<ObservedDeliveries> observed) {
		return new MicrometerDeliveryObserver(registry, observed.getIfAvailable() == null);
	}

	// Ahead of Boot's own
	@Bean
	@ConditionalOnBean(ObservedDeliveries.class)
	@Order(0)
	ObservationTimers jetStreamObservationTimers(MeterRegistry registry) {
		return new ObservationTimers(registry);
	}

	@Bean
	@ConditionalOnMissingBean(ObservedPublishes.class)
	PublishObserver jetStreamMicrometerPublishObserver(MeterRegistry registry) {
		return new MicrometerPublishObserver(registry);
	}

	@Bean
	ListenerGauges jetStreamListenerGauges(JetStreamListeners listeners, BeanFactory beanFactory,
			MeterRegistry registry, MicrometerDeliveryObserver observer, ObjectProvider<ObservationTimers> timers) {
		return new ListenerGauges(listeners, new ConnectionFigures(listeners, beanFactory), registry, (gone) -> {
			observer.forget(gone);
			timers.ifAvailable((known) -> known.forget(gone));
		});
	}

}
