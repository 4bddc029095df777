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

package io.github.jetstreamspring.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How messages are to be published.
 *
 * @param window how many may wait for their confirmation, or 0 to wait for each
 * @param size the bytes of a message
 * @param json whether the template is given an object, which the raw side never is
 */
record PublishCase(int window, int size, boolean json) {

	private static final Pattern NAME = Pattern.compile("(?:sync|async(\\d+))-(\\d+)-(bytes|json)");

	/**
	 * Makes a case of its name.
	 * @param name a name such as {@code sync-128-bytes} or {@code async1000-128-json}
	 * @return the case
	 */
	static PublishCase parse(String name) {
		Matcher matcher = NAME.matcher(name);
		if (!matcher.matches()) {
			throw new IllegalArgumentException(
					"'%s' is no case such as sync-128-bytes or async1000-128-json".formatted(name));
		}
		int window = (matcher.group(1) != null) ? Integer.parseInt(matcher.group(1)) : 0;
		return new PublishCase(window, Integer.parseInt(matcher.group(2)), matcher.group(3).equals("json"));
	}

	boolean isSynchronous() {
		return this.window == 0;
	}

	/**
	 * Returns how many messages keep this case busy for long enough to measure it.
	 * @return the number of messages
	 */
	int messages() {
		return isSynchronous() ? 20_000 : 200_000;
	}

	@Override
	public String toString() {
		return (isSynchronous() ? "sync" : "async" + this.window) + "-" + this.size + (this.json ? "-json" : "-bytes");
	}

}
