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

package io.github.jetstreamspring.observation;

import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.listener.FollowedRun;
import io.github.jetstreamspring.listener.Settlement;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * {@link DeliveryObserver} that makes an observation of each run of a handler.
 *
 * @since 0.1.0
 */
public final class ObservedDeliveries implements DeliveryObserver {

	private static final ListenerObservationConvention DEFAULT = new DefaultListenerObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable ListenerObservationConvention convention;

	/**
	 * Creates an observer.
	 * @param registry the registry of observations
	 * @param convention says how runs are observed, {@code null} for
	 * {@link DefaultListenerObservationConvention}
	 */
	public ObservedDeliveries(ObservationRegistry registry, @Nullable ListenerObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public void settled(String listener, Settlement settlement, Duration runTime, @Nullable Throwable failure) {
	}

	@Override
	public @Nullable FollowedRun follow(String listener, Delivery delivery) {
		return this.registry.isNoop() ? null : follow(new ListenerObservationContext(listener, delivery));
	}

	@Override
	public @Nullable FollowedRun follow(String listener, List<Delivery> batch) {
		return this.registry.isNoop() ? null : follow(new ListenerObservationContext(listener, batch));
	}

	private @Nullable FollowedRun follow(ListenerObservationContext context) {
		Observation observation = JetStreamObservationDocumentation.PROCESS.observation(this.convention, DEFAULT,
				() -> context, this.registry);
		return observation.isNoop() ? null : new Run(observation.start(), context);
	}

	/**
	 * A run that is observed.
	 *
	 * @param observation the observation
	 * @param context what is known of it
	 */
	private record Run(Observation observation, ListenerObservationContext context) implements FollowedRun {

		@Override
		public Scope enter() {
			return this.observation.openScope()::close;
		}

		@Override
		public void ended(@Nullable Settlement outcome, Duration runTime, @Nullable Throwable failure) {
			this.context.end(outcome, runTime, failure);
			try {
				if (failure != null) {
					this.observation.error(Failures.readable(failure));
				}
			}
			finally {
				this.observation.stop();
			}
		}

	}

}
