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

import io.github.jetstreamspring.publisher.FollowedPublish;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.publisher.PublishResult;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * {@link PublishObserver} that makes an observation of each message.
 *
 * @since 0.1.0
 */
public final class ObservedPublishes implements PublishObserver {

	private static final PublishObservationConvention DEFAULT = new DefaultPublishObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable PublishObservationConvention convention;

	/**
	 * Creates an observer.
	 * @param registry the registry of observations
	 * @param convention says how publishing is observed, {@code null} for
	 * {@link DefaultPublishObservationConvention}
	 */
	public ObservedPublishes(ObservationRegistry registry, @Nullable PublishObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public void published(String subject, Duration time, @Nullable PublishResult result,
			@Nullable JetStreamException failure) {
	}

	@Override
	public @Nullable FollowedPublish follow(Message message) {
		if (this.registry.isNoop()) {
			return null;
		}
		PublishObservationContext context = new PublishObservationContext(message);
		Observation observation = JetStreamObservationDocumentation.PUBLISH.observation(this.convention, DEFAULT,
				() -> context, this.registry);
		if (observation.isNoop()) {
			return null;
		}
		observation.start();
		return new ObservedMessage(observation, context, context.getCarrier().message());
	}

	/**
	 * A message that is observed.
	 *
	 * @param observation the observation
	 * @param context what is known of it
	 * @param message is to be sent
	 */
	private record ObservedMessage(Observation observation, PublishObservationContext context,
			Message message) implements FollowedPublish {

		@Override
		public void ended(Duration time, @Nullable PublishResult result, @Nullable JetStreamException failure) {
			this.context.end(time, result, failure);
			try {
				if (failure != null) {
					this.observation.error(failure);
				}
			}
			finally {
				this.observation.stop();
			}
		}

	}

}
