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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Several observers as one, which makes no difference to what they observe.
 *
 * @param all the observers
 */
record PublishObservers(List<PublishObserver> all) implements PublishObserver {

	private static final Log logger = LogFactory.getLog(PublishObservers.class);

	@Override
	public void published(String subject, Duration time, @Nullable PublishResult result,
			@Nullable JetStreamException failure) {
		for (PublishObserver observer : this.all) {
			try {
				observer.published(subject, time, result, failure);
			}
			catch (Throwable ex) {
				failed(subject, ex);
			}
		}
	}

	@Override
	public @Nullable FollowedPublish follow(Message message) {
		FollowedPublish followed = null;
		for (PublishObserver observer : this.all) {
			try {
				FollowedPublish outer = followed;
				FollowedPublish inner = observer.follow((outer != null) ? outer.message() : message);
				if (inner != null) {
					followed = new Nested(message.getSubject(), outer, inner, inner.message());
				}
			}
			catch (Throwable ex) {
				failed(message.getSubject(), ex);
			}
		}
		return followed;
	}

	private static void failed(String subject, Throwable failure) {
		Guard.log(logger,
				() -> "An observer failed with a message to subject '%s'".formatted(ScheduleSubjects.said(subject)),
				failure);
	}

	/**
	 * A message that one or two follow.
	 *
	 * @param subject the message's subject
	 * @param outer has followed it first, or {@code null}
	 * @param inner has followed it last
	 * @param message is to be sent
	 */
	private record Nested(String subject, @Nullable FollowedPublish outer, FollowedPublish inner,
			Message message) implements FollowedPublish {

		@Override
		public void ended(Duration time, @Nullable PublishResult result, @Nullable JetStreamException failure) {
			try {
				this.inner.ended(time, result, failure);
			}
			catch (Throwable ex) {
				failed(this.subject, ex);
			}
			if (this.outer != null) {
				this.outer.ended(time, result, failure);
			}
		}

	}

}
