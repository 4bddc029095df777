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

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A job that recurs: a message that the server publishes to a stream again and again,
 * once for all instances of an application. Needs nats-server 2.14 and a stream that
 * allows message schedules.
 * <p>
 * Beans of this type are declared together with the schedules of the configuration.
 * Whether values make sense is checked when the schedule is declared, so that everything
 * that is wrong is reported together.
 *
 * @param name the name of the schedule, unique in the application
 * @param subject the subject to which the message is published, or {@code null} if it is
 * missing
 * @param payload the text of the message
 * @param headers the headers of the message
 * @param cron when it is published, as a cron expression with seconds, or {@code null}
 * @param every the time from one message to the next, or {@code null}
 * @param timeZone the time zone of the cron expression, or {@code null} for UTC
 * @since 0.1.0
 */
public record ScheduleDefinition(String name, @Nullable String subject, String payload, Map<String, String> headers,
		@Nullable String cron, @Nullable Duration every, @Nullable String timeZone) {

	/**
	 * Creates a definition.
	 */
	public ScheduleDefinition {
		headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
	}

	/**
	 * Starts the definition of a schedule.
	 * @param name the name of the schedule
	 * @return a builder without any setting
	 */
	public static Builder named(String name) {
		return new Builder(name);
	}

	@Override
	public String toString() {
		return "ScheduleDefinition[" + this.name + "]";
	}

	/**
	 * Builder for a {@link ScheduleDefinition}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final String name;

		private @Nullable String subject;

		private String payload = "";

		private final Map<String, String> headers = new LinkedHashMap<>();

		private @Nullable String cron;

		private @Nullable Duration every;

		private @Nullable String timeZone;

		private Builder(String name) {
			Assert.hasText(name, "A schedule needs a name: ScheduleDefinition.named(\"nightly-report\")");
			this.name = name;
		}

		/**
		 * Sets the subject to which the message is published. A stream that allows
		 * message schedules must listen on it.
		 * @param subject the subject, without wildcards
		 * @return this builder
		 */
		public Builder subject(@Nullable String subject) {
			this.subject = subject;
			return this;
		}

		/**
		 * Sets the message's text. Default is none.
		 * @param payload the text, which is sent as it is
		 * @return this builder
		 */
		public Builder payload(@Nullable String payload) {
			this.payload = (payload != null) ? payload : "";
			return this;
		}

		/**
		 * Sets a header.
		 * @param name the header's name; names that begin with {@code Nats-} are reserved
		 * @param value the header's value
		 * @return this builder
		 */
		public Builder header(String name, String value) {
			this.headers.put(name, value);
			return this;
		}

		/**
		 * Sets when the message is published.
		 * @param cron an expression with six fields, the first of which is for seconds,
		 * such as {@code 0 0 6 * * MON-FRI}; or one of {@code @yearly}, {@code @monthly},
		 * {@code @weekly}, {@code @daily} and {@code @hourly}
		 * @return this builder
		 */
		public Builder cron(@Nullable String cron) {
			this.cron = cron;
			return this;
		}

		/**
		 * Sets the time from one message to the next.
		 * @param every a second or more
		 * @return this builder
		 */
		public Builder every(@Nullable Duration every) {
			this.every = every;
			return this;
		}

		/**
		 * Sets the time zone of the cron expression. Default is UTC.
		 * @param timeZone the name of a zone, such as {@code Europe/Berlin}
		 * @return this builder
		 */
		public Builder timeZone(@Nullable String timeZone) {
			this.timeZone = timeZone;
			return this;
		}

		/**
		 * Builds the definition.
		 * @return the definition
		 */
		public ScheduleDefinition build() {
			return new ScheduleDefinition(this.name, this.subject, this.payload, this.headers, this.cron, this.every,
					this.timeZone);
		}

	}

}
