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

import org.jspecify.annotations.Nullable;

/**
 * What became of one of several messages.
 *
 * @param subject the message's subject
 * @param messageId the message's id
 * @param result where the message was stored, or {@code null}
 * @param failure why it was not stored, or why that can't be known; {@code null} if it
 * was stored
 * @since 0.1.0
 */
public record PublishOutcome(String subject, String messageId, @Nullable PublishResult result,
		@Nullable JetStreamException failure) {

	/**
	 * Returns whether the server has confirmed the message.
	 * @return whether it is stored for certain
	 */
	public boolean isStored() {
		return this.result != null;
	}

}
