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

/**
 * Names streams and consumers the way the configuration does.
 */
final class Keys {

	private static final String ROOT = "jetstream.";

	static final String STREAMS = "jetstream.streams";

	static final String SCHEDULES = "jetstream.schedules";

	private Keys() {
	}

	static String stream(String stream) {
		return STREAMS + "." + stream;
	}

	static String consumer(String stream, String consumer) {
		return stream(stream) + ".consumers." + consumer;
	}

	static String schedule(String schedule) {
		return SCHEDULES + "." + schedule;
	}

	/**
	 * Returns a text with the keys of a named connection instead of those of the default
	 * one.
	 */
	static String of(String connection, String text) {
		return text.replaceAll("\\bjetstream\\.(?=(streams|schedules|topology)\\b)",
				Matcher.quoteReplacement(ROOT + "connections." + connection + "."));
	}

}
