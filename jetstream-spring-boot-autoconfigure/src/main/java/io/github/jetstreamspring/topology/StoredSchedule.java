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

import java.util.List;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the server has of a schedule.
 *
 * @param subject the subject that it is to have, or {@code null} as long as there is no
 * stream for it
 * @param content what is there, or {@code null} if there is nothing
 * @param others the subjects that it has by other keys, on each of which it fires
 */
record StoredSchedule(@Nullable String subject, @Nullable Content content, List<String> others) {

	static final StoredSchedule NONE = new StoredSchedule(null, null, List.of());

	boolean isMissing() {
		return this.content == null && this.others.isEmpty();
	}

	/**
	 * A schedule as it is stored.
	 *
	 * @param sequence its sequence in the stream
	 * @param headers its headers
	 * @param payload its payload
	 */
	record Content(long sequence, Headers headers, byte[] payload) {
	}

}
