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
package io.github.jetstreamspring.wire;

import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a server says when it doesn't accept the credentials of a connection, or no
 * longer.
 *
 * @since 0.1.0
 */
public final class Refusal {

	static final String MARK = " (refusal %d)";

	private static final Pattern MARKED = Pattern.compile(" \\(refusal \\d+\\)");

	private Refusal() {
	}

	/**
	 * Returns the server's own words.
	 * @param error an error as the client reports it
	 * @return the error without the number that a guarded connection adds
	 */
	public static String words(String error) {
		return MARKED.matcher(error).replaceFirst("");
	}

	/**
	 * Returns whether an error is about the credentials.
	 * @param error an error as the client reports it, or {@code null}
	 * @return whether the server refuses them
	 */
	public static boolean isRefusal(@Nullable String error) {
		String text = (error != null) ? error.toLowerCase(Locale.ROOT) : "";
		return text.contains("authorization violation") || text.contains("user authentication")
				|| text.contains("account authentication");
	}

}
