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

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An application whose start is measured.
 */
enum StartupVariant {

	/**
	 * Spring Boot with Jackson, and nothing else.
	 */
	PLAIN(StartupPlain.class, 0),

	/**
	 * With the starter, one stream, one consumer and one listener.
	 */
	STARTER(StartupListener.class, 1),

	/**
	 * With the starter and 100 streams with a consumer each, all of which exist; and one
	 * listener.
	 */
	STARTER_100_STREAMS(StartupListener.class, 100),

	/**
	 * The client without Spring.
	 */
	RAW(StartupRaw.class, 0);

	private final Class<?> main;

	private final int streams;

	StartupVariant(Class<?> main, int streams) {
		this.main = main;
		this.streams = streams;
	}

	static StartupVariant named(String name) {
		return Arrays.stream(values())
			.filter((variant) -> variant.toString().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"There is no variant '%s', only %s".formatted(name, List.of(values()))));
	}

	Class<?> main() {
		return this.main;
	}

	boolean hasStarter() {
		return this.main == StartupListener.class;
	}

	boolean hasClient() {
		return this != PLAIN;
	}

	String yaml(String url) {
		String name = "spring.application.name: startup\n";
		return hasStarter() ? name + """
				jetstream:
				  servers: %s
				  streams:
				""".formatted(url)
				+ IntStream.range(0, this.streams).mapToObj(StartupVariant::stream).collect(Collectors.joining())
				: name;
	}

	private static String stream(int number) {
		String stream = Startup.stream(number);
		return """
				    %s:
				      subjects: %s
				      consumers:
				        %s:
				          ack-wait: 30s
				""".formatted(stream, stream, Startup.CONSUMER);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
