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

package io.github.jetstreamspring.boot.console;

import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What a browser asks for, on whatever kind of web server.
 *
 * @param method the method of HTTP
 * @param path the path below that of the console: empty without a slash at its end
 * @param parameters the query
 * @param header returns the first value of a header
 * @param loopback whether it comes from this machine
 * @param principal the name of whoever has signed in, or {@code null}
 * @param csrf what Spring Security wants to see in writing requests, or {@code null}
 * @param body reads the body, {@code null} if it is too large; only what may be done is
 * read, as a body may be slow
 */
record ConsoleRequest(String method, String path, Map<String, String> parameters,
		Function<String, @Nullable String> header, boolean loopback, @Nullable String principal, @Nullable Csrf csrf,
		Body body) {

	/**
	 * The size of bodies, at most.
	 */
	static final int MAX_BODY = 64 * 1024;

	boolean isReading() {
		return this.method.equals("GET") || this.method.equals("HEAD");
	}

	/**
	 * The body of a request.
	 */
	interface Body {

		/**
		 * Reads it.
		 * @return the bytes, or {@code null} if they are too many
		 * @throws IOException if it doesn't come
		 */
		byte @Nullable [] read() throws IOException;

	}

	/**
	 * Spring Security's token against forged requests.
	 *
	 * @param header returns the name of the header
	 * @param token returns its value, and may begin a session for that
	 */
	record Csrf(Supplier<String> header, Supplier<String> token) {
	}

}
