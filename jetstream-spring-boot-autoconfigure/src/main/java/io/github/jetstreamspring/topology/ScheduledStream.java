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

import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A stream that allows message schedules: it keeps them on subjects of their own, from
 * which workers are kept off.
 */
final class ScheduledStream {

	private ScheduledStream() {
	}

	/**
	 * Adds the subject for schedules, if the stream has it, or shall have schedules that
	 * it hasn't had yet. One that has schedules without that subject is somebody else's,
	 * who keeps them elsewhere.
	 * @param stream what shall be on the server
	 * @param current what is there, or {@code null}
	 */
	static DeclaredStream of(DeclaredStream stream, @Nullable StreamConfiguration current) {
		StreamConfiguration target = stream.target(current);
		String schedules = ScheduleSubjects.all(stream.stream());
		if (!target.getAllowMsgSchedules() || target.getMirror() != null || isForeign(current)
				|| target.getSubjects().stream().anyMatch((subject) -> Subjects.overlap(subject, schedules))) {
			return stream;
		}
		List<String> subjects = new ArrayList<>(target.getSubjects());
		if (subjects.isEmpty()) {
			// What the server gives a stream without subjects
			subjects.add(stream.stream());
		}
		subjects.add(schedules);
		return new DeclaredStream(stream.stream(),
				new Settings.Builder<StreamConfiguration, StreamConfiguration.Builder>()
					.set(StreamSettings.subjects(), List.copyOf(subjects))
					.build()
					.orElse(stream.settings()));
	}

	private static boolean isForeign(@Nullable StreamConfiguration current) {
		return current != null && current.getAllowMsgSchedules() && !hasSchedules(current);
	}

	static boolean hasSchedules(StreamConfiguration stream) {
		return stream.getAllowMsgSchedules() && ScheduleSubjects.isAmong(stream.getSubjects(), stream.getName());
	}

	/**
	 * Returns the filters of a consumer that sets none: all subjects but that of the
	 * schedules. None if the stream has no schedules, or if its subjects mix them with
	 * jobs.
	 */
	static Settings<ConsumerConfiguration, ConsumerConfiguration.Builder> filters(StreamConfiguration stream) {
		Settings.Builder<ConsumerConfiguration, ConsumerConfiguration.Builder> settings = new Settings.Builder<>();
		if (hasSchedules(stream)) {
			String schedules = ScheduleSubjects.all(stream.getName());
			List<String> jobs = stream.getSubjects()
				.stream()
				.filter((subject) -> !Subjects.overlap(subject, schedules))
				.toList();
			if (!jobs.isEmpty()) {
				settings.set(ConsumerSettings.filterSubjects(), jobs);
			}
		}
		return settings.build();
	}

}
