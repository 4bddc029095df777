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

package io.github.jetstreamspring.topology;

import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.messaging.SigningKey;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The application that schedules are declared by, and whose they are on the server.
 *
 * @param name the name, or {@code null} if it has none
 * @param signingKey keeps others from guessing the subjects of its schedules;
 * {@code null} for one that is made of the stream's creation time
 */
record ScheduleOwner(@Nullable String name, @Nullable SigningKey signingKey) {

	static final ScheduleOwner NOBODY = new ScheduleOwner(null, null);

	private static final String UNNAMED = "application";

	ScheduleOwner named(@Nullable String name) {
		return new ScheduleOwner(StringUtils.hasText(name) ? name : null, this.signingKey);
	}

	ScheduleOwner signingWith(@Nullable SigningKey signingKey) {
		return new ScheduleOwner(this.name, signingKey);
	}

	/**
	 * Returns the subject of a schedule.
	 */
	String subject(StreamInfo stream, String schedule) {
		return ScheduleSubjects.recurring(stream.getConfiguration().getName(), label(), schedule,
				(this.signingKey != null) ? this.signingKey : SigningKey.ofStream(stream));
	}

	/**
	 * Returns the subjects that a schedule has with any key.
	 */
	String subjects(String stream, String schedule) {
		return ScheduleSubjects.recurring(stream, label(), schedule);
	}

	private String label() {
		return (this.name != null) ? this.name : UNNAMED;
	}

}
