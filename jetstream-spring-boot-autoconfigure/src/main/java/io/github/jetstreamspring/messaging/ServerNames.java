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

import java.util.regex.Pattern;

/**
 * Knows which names streams and consumers can have.
 *
 * @since 0.1.0
 */
public final class ServerNames {

	private static final int MAX_LENGTH = 255;

	private static final Pattern NAME = Pattern.compile("[^\\s.*>/\\\\\\p{Cntrl}]{1," + MAX_LENGTH + "}");

	private ServerNames() {
	}

	/**
	 * Returns whether a stream or a consumer can have a name. With any other one the
	 * server isn't asked what it is meant to be, or doesn't answer.
	 * @param name the name
	 * @return whether it is one
	 */
	public static boolean isName(String name) {
		return NAME.matcher(name).matches();
	}

}
