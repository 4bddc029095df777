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

package io.github.jetstreamspring.listener;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Brings back a consumer that somebody has deleted while a listener works on it.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConsumerRecovery {

	/**
	 * Brings nothing back: the listener waits until somebody does.
	 */
	ConsumerRecovery NONE = (stream, consumer) -> {
	};

	/**
	 * Declares a consumer again, and its stream if that is missing too. Does nothing if
	 * it isn't for this application to declare. May block.
	 * @param stream the stream's name
	 * @param consumer the consumer's name
	 * @throws Exception if they can't be declared
	 */
	void recover(String stream, String consumer) throws Exception;

	/**
	 * Returns which messages a consumer is to have.
	 * @param stream the stream's name
	 * @param consumer the consumer's name
	 * @return the filter subjects that this application declares for it, or {@code null}
	 * if it declares none
	 */
	default @Nullable List<String> filterSubjects(String stream, String consumer) {
		return null;
	}

}
