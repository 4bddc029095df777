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

/**
 * Headers by which the server is told how to store a message.
 */
final class PublishHeaders {

	static final String MESSAGE_ID = "Nats-Msg-Id";

	static final String TTL = "Nats-TTL";

	/**
	 * How the headers begin that say when not to store it.
	 */
	static final String EXPECTED = "Nats-Expected-";

	static final String EXPECTED_STREAM = "Nats-Expected-Stream";

	static final String EXPECTED_LAST_ID = "Nats-Expected-Last-Msg-Id";

	static final String EXPECTED_SEQUENCE = "Nats-Expected-Last-Sequence";

	static final String EXPECTED_SUBJECT_SEQUENCE = "Nats-Expected-Last-Subject-Sequence";

	/**
	 * The subjects that {@link #EXPECTED_SUBJECT_SEQUENCE} is about, if it isn't the
	 * message's own.
	 */
	static final String EXPECTED_SUBJECTS = "Nats-Expected-Last-Subject-Sequence-Subject";

	private PublishHeaders() {
	}

}
