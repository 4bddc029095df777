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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of a nats-server, as far as features depend on it.
 *
 * @param major the major version
 * @param minor the minor version
 */
record ServerVersion(int major, int minor) {

	/**
	 * The oldest version that this project runs on.
	 */
	static final String OLDEST = "2.10";

	private static final Pattern PATTERN = Pattern.compile("v?(\\d+)\\.(\\d+)");

	static ServerVersion of(String version) {
		Matcher matcher = PATTERN.matcher(version);
		// A server without a readable version is one that somebody built: let it answer
		return matcher.lookingAt()
				? new ServerVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
				: new ServerVersion(Integer.MAX_VALUE, 0);
	}

	boolean isOlderThan(ServerVersion other) {
		return (this.major != other.major) ? this.major < other.major : this.minor < other.minor;
	}

}
