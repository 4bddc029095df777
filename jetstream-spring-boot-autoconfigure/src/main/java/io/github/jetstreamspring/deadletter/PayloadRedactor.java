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
package io.github.jetstreamspring.deadletter;

import org.jspecify.annotations.Nullable;

/**
 * Says what endpoint and console may show of dead letters to those who may see values at
 * all. What throws an exception shows nothing.
 *
 * @since 0.1.0
 */
public interface PayloadRedactor {

	/**
	 * Returns what may be shown of a payload.
	 * @param letter the letter
	 * @return the payload, or what is to be shown instead; {@code null} to show
	 * {@code ******}
	 */
	byte @Nullable [] payload(StoredDeadLetter letter);

	/**
	 * Returns what may be shown of a header.
	 * @param name the name of the header
	 * @param value its value, or one of them
	 * @return the value, or what is to be shown instead; {@code null} to show
	 * {@code ******}
	 */
	@Nullable String header(String name, String value);

}
