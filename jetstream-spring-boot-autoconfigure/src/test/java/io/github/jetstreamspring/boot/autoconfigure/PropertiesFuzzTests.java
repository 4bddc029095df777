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

package io.github.jetstreamspring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys and values that nobody means: start-up ends with one analysis that names keys and
 * shows no secret, nothing in them is evaluated, and no other exception comes of them.
 */
class PropertiesFuzzTests {

	private static final int CONTEXTS = Integer.getInteger("fuzz.contexts", 30);

	private static final long SEED = Long.getLong("fuzz.seed", 20260131);

	private static final int KEYS = 40;

	private static final String SECRET = "s3cr3t";

	private static final List<String> SECRETS = List.of("jetstream.password", "jetstream.token", "jetstream.nkey-seed",
			"jetstream.signing-key", "jetstream.connections.a.password");

	private static final AtomicBoolean evaluated = new AtomicBoolean();

	private static final List<String> VALUES = List.of("", " ", "-1", "0", "1", "99999999999999999999999", "-0", "NaN",
			"0x10", "1e9", "true", "maybe", "1s", "-1s", "1d1h", "PT", "9999999999999d", "1KB", "-1KB", "1.5MB",
			"9999999999999TB", ">", "*", "a..b", "a b", "a,b,,c", ",", "\u0000", "\ud800", "gr\u00fcn\r\nX: y", "null",
			"none", "#{T(io.github.jetstreamspring.boot.autoconfigure.PropertiesFuzzTests).evaluate()}",
			"classpath:missing", "file:///dev/null", "http://127.0.0.1:1/", "java.lang.Runtime", "[I",
			"x".repeat(10_000), "30%", "* * * * * *", "Mars/Olympus", "2026-13-45T99:99:99Z", "2026-01-31T12:00:00Z");

	private static final List<String> NAMES = List.of("orders", "a", "[a.b]", "[a b]", "[*]", "[>]", "[ ]", "[]", "[0]",
			"[\u00fc]", "x".repeat(300), "[../x]", "[a/b]", "[$JS]");

	private final Random random;

	PropertiesFuzzTests() {
		this.random = new Random(SEED);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void whateverIsConfiguredIsReportedByItsKey(long seed) throws IOException {
		this.random.setSeed(seed);
		List<String> keys = keys();
		Map<String, Object> properties = new LinkedHashMap<>();
		for (int i = 0; i < KEYS; i++) {
			String key = key(keys);
			properties.put(key, SECRETS.contains(key) ? SECRET + pick(VALUES) : pick(VALUES));
		}
		// So that the start ends here in any case
		properties.put("jetstream.publisher.max-in-flight", "0");
		Throwable failure = start(properties);
		assertThat(failure).as("failure of seed %d with %s", seed, properties)
			.isInstanceOf(InvalidPropertiesException.class);
		List<String> problems = ((InvalidPropertiesException) failure).problems()
			.stream()
			.map(InvalidPropertiesException.Problem::toString)
			.toList();
		assertThat(problems).as("seed %d", seed)
			.isNotEmpty()
			.allSatisfy((problem) -> assertThat(problem).startsWith("jetstream").contains(": "))
			.allSatisfy((problem) -> assertThat(problem).doesNotContain("\n", "\r", "\u0000").hasSizeLessThan(5_000));
		assertThat(problems.toString()).doesNotContain(SECRET);
		assertThat(evaluated).isFalse();
	}

	@Test
	void whatTheTestLooksForIsFound() {
		evaluate();
		assertThat(evaluated.getAndSet(false)).isTrue();
		assertThat(start(Map.of("jetstream.publisher.max-in-flight", "0", "jetstream.colour", "red")))
			.isInstanceOf(InvalidPropertiesException.class);
	}

	static boolean evaluate() {
		evaluated.set(true);
		return true;
	}

	static List<Long> seeds() {
		return IntStream.range(0, CONTEXTS).mapToObj((number) -> SEED + number).toList();
	}

	private String key(List<String> keys) {
		String key = keys.get(this.random.nextInt(keys.size()))
			.replaceAll("\\.?<[a-z]+>", "." + Matcher.quoteReplacement(pick(NAMES)))
			.replace(".[", "[");
		return switch (this.random.nextInt(6)) {
			case 0 -> key + "." + pick(List.of("x", "[0]", "[-1]", "[99999]", "0", ""));
			case 1 -> key.substring(0, Math.max("jetstream.x".length(), this.random.nextInt(key.length() + 1)));
			case 2 -> {
				int at = "jetstream.".length() + this.random.nextInt(Math.max(1, key.length() - "jetstream.".length()));
				yield key.substring(0, at) + pick(List.of("z", "-", "_", ".", "[", "]", "\u00fc", " "))
						+ key.substring(at);
			}
			default -> key;
		};
	}

	private String pick(List<String> texts) {
		return texts.get(this.random.nextInt(texts.size()));
	}

	// Those that the page about the configuration has
	private static List<String> keys() throws IOException {
		List<String> keys = new ArrayList<>();
		List<String> prefixes = List.of();
		for (String paragraph : Files.readString(Path.of("../docs/configuration.md")).split("\n\n")) {
			if (paragraph.startsWith("Below `")) {
				prefixes = Pattern.compile("`([^`]+)`")
					.matcher(paragraph)
					.results()
					.map((match) -> match.group(1))
					.toList();
			}
			for (String line : paragraph.lines().filter((line) -> line.startsWith("| `")).toList()) {
				String name = line.substring(3, line.indexOf('`', 3));
				prefixes.forEach((prefix) -> keys.add(prefix + name));
			}
		}
		keys.addAll(SECRETS);
		return keys;
	}

	private static Throwable start(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("fuzz", properties));
		try {
			new SpringApplicationBuilder(Application.class).environment(environment)
				.web(WebApplicationType.NONE)
				.logStartupInfo(false)
				.run()
				.close();
			throw new AssertionError("It has started");
		}
		catch (Exception ex) {
			Throwable failure = ex;
			while (!(failure instanceof InvalidPropertiesException) && failure.getCause() != null) {
				failure = failure.getCause();
			}
			return failure;
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration(JetStreamAutoConfiguration.class)
	static class Application {

	}

}
