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

package io.github.jetstreamspring.messaging;

/**
 * Names of the headers that have to do with messages that are due later: those by which
 * the server recognizes them, and those that the message carries when it is delivered.
 *
 * @since 0.1.0
 */
public final class ScheduleHeaders {

	/**
	 * Id of a delayed job. The server doesn't copy the message id to the message that it
	 * delivers, so it is kept here.
	 */
	public static final String JOB_ID = "Job-Id";

	/**
	 * When the message is due.
	 */
	public static final String SCHEDULE = "Nats-Schedule";

	/**
	 * Subject to which the message is delivered.
	 */
	public static final String TARGET = "Nats-Schedule-Target";

	/**
	 * Time to live of the message once it is delivered.
	 */
	public static final String SCHEDULE_TTL = "Nats-Schedule-TTL";

	/**
	 * Time zone of a cron expression.
	 */
	public static final String TIME_ZONE = "Nats-Schedule-Time-Zone";

	/**
	 * Time to live of the schedule itself.
	 */
	public static final String TTL = "Nats-TTL";

	/**
	 * Value of {@link #TTL} that keeps a schedule in a stream whose messages have a
	 * maximum age.
	 */
	public static final String NEVER = "never";

	private ScheduleHeaders() {
	}

}
