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
package io.github.jetstreamspring.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.observation.JetStreamObservationDocumentation;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The pages about meters and traces have the names that the code has.
 */
@EmbeddedNats
class MeterPageTests {

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(jetstream\\.[a-z.]+)` \\| (\\w+) \\| (.*?) \\| ");

	private static final Pattern CODE = Pattern.compile("`([a-z.]+)`");

	// What is on the page about traces
	private static final String MORE = "[and more](traces.md#keys)";

	private final Map<String, Row> page = page();

	@Test
	void metersAreThoseOfTheCode(EmbeddedNatsServer server) throws Exception {
		Map<String, Row> code = new TreeMap<>(meters(server, true));
		assertThat(code).containsKey("jetstream.process").doesNotContainKey("jetstream.listener.handling");
		Map<String, Row> withoutObservations = meters(server, false);
		assertThat(withoutObservations).containsKey("jetstream.listener.handling")
			.doesNotContainKey("jetstream.process");
		withoutObservations.forEach(code::putIfAbsent);
		assertThat(code.keySet()).isEqualTo(this.page.keySet());
		code.forEach((name, meter) -> {
			Row row = this.page.get(name);
			assertThat(row.type()).as(name).isEqualTo(meter.type());
			if (row.more()) {
				assertThat(meter.tags()).as(name).containsAll(row.tags());
			}
			else {
				assertThat(meter.tags()).as(name).isEqualTo(row.tags());
			}
		});
		assertThat(withoutObservations.get("jetstream.publish").tags())
			.isEqualTo(this.page.get("jetstream.publish").tags());
	}

	@Test
	void keysOfObservationsAreThoseOfTheCode() throws IOException {
		String traces = Files.readString(Path.of("../docs/traces.md"));
		String section = traces.substring(traces.indexOf("### Keys"), traces.indexOf("### Keys of your own"));
		Set<String> documented = Pattern.compile("(?m)^\\| `([\\w.]+)` \\| (both|publish|process) \\|")
			.matcher(section)
			.results()
			.flatMap((row) -> row.group(2).equals("both")
					? List.of("publish " + row.group(1), "process " + row.group(1)).stream()
					: List.of(row.group(2) + " " + row.group(1)).stream())
			.collect(Collectors.toSet());
		Set<String> code = new HashSet<>();
		add(code, "publish ", JetStreamObservationDocumentation.PUBLISH);
		add(code, "process ", JetStreamObservationDocumentation.PROCESS);
		assertThat(documented).isEqualTo(code);
	}

	private static void add(Set<String> code, String prefix, JetStreamObservationDocumentation observation) {
		for (KeyName key : observation.getLowCardinalityKeyNames()) {
			code.add(prefix + key.asString());
		}
		for (KeyName key : observation.getHighCardinalityKeyNames()) {
			code.add(prefix + key.asString());
		}
	}

	private static Map<String, Row> page() {
		try {
			return ROW.matcher(Files.readString(Path.of("../docs/metrics-and-health.md")))
				.results()
				.collect(Collectors.toMap((row) -> row.group(1), Row::of, (first, second) -> first, TreeMap::new));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, Row> meters(EmbeddedNatsServer server, boolean observed) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--jetstream.observation.enabled=" + observed,
					"--jetstream.streams.pages.subjects=pages.>",
					"--jetstream.streams.pages.consumers.single.filter-subjects=pages.single",
					"--jetstream.streams.pages.consumers.batch.filter-subjects=pages.batch")) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.publish("pages.single", "x");
			template.publish("pages.batch", "x");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().untilAsserted(() -> assertThat(registry.find("jetstream.listener.messages")
				.tag("outcome", "handled")
				.counters()
				.stream()
				.mapToDouble((counter) -> counter.count())
				.sum()).isEqualTo(2));
			Map<String, Row> meters = new TreeMap<>();
			for (Meter meter : registry.getMeters()) {
				Meter.Id id = meter.getId();
				if (id.getName().startsWith("jetstream.")) {
					assertThat(id.getDescription()).as(id.getName()).isNotBlank();
					meters.put(id.getName(), new Row(type(id),
							id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet()), false));
				}
			}
			return meters;
		}
	}

	private static String type(Meter.Id id) {
		return (id.getType() == Meter.Type.DISTRIBUTION_SUMMARY) ? "summary" : id.getType().name().toLowerCase();
	}

	/**
	 * A row of the page, or what it should say.
	 *
	 * @param type the meter's type
	 * @param tags its tags
	 * @param more whether there are tags that another page tells
	 */
	private record Row(String type, Set<String> tags, boolean more) {

		static Row of(MatchResult row) {
			Set<String> tags = CODE.matcher(row.group(3))
				.results()
				.map((tag) -> tag.group(1))
				.collect(Collectors.toSet());
			return new Row(row.group(2), tags, row.group(3).contains(MORE));
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final List<String> handled = new ArrayList<>();

		@JetStreamListener("single")
		void single(String payload) {
			this.handled.add(payload);
		}

		@JetStreamListener(value = "batch", batch = true)
		void batch(List<String> payloads) {
			this.handled.addAll(payloads);
		}

	}

}
