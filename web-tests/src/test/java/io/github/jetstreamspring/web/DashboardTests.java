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

package io.github.jetstreamspring.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the dashboard and the alert rules ask for is what an application has.
 */
class DashboardTests {

	private static final Path FOLDER = Path.of("").toAbsolutePath().resolveSibling("dashboards");

	private static final Pattern NAME = Pattern.compile("jetstream_[a-z_]+");

	// name{label="value",...} of a scrape
	private static final Pattern SERIES = Pattern.compile("^(jetstream_[a-z_]+)\\{([^}]*)}", Pattern.MULTILINE);

	private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

	// by (a, b), on (a, b) and {a="…"}
	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");

	private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)=~?\"([^\"]*)\"");

	private static EmbeddedNatsServer server;

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		server = EmbeddedNatsServer.start();
		context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--jetstream.servers=" + server.url(), "--jetstream.streams.orders.subjects=orders.>",
					"--jetstream.streams.orders.max-messages=100",
					"--jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.>",
					"--jetstream.listener.retry.max-attempts=2", "--jetstream.listener.retry.delay=10ms",
					"--management.metrics.tags.application=shop");
		JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
		for (String payload : List.of("fine", "hopeless", "again")) {
			template.publish("orders.created", payload);
		}
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> template.publish("nobody.listens", "a"));
		await().untilAsserted(() -> assertThat(scrape()).contains("outcome=\"handled\"", "outcome=\"retried\"",
				"outcome=\"dead-lettered\""));
	}

	@AfterAll
	static void stop() {
		context.close();
		server.close();
	}

	@Test
	void theDashboardAsksForWhatThereIs() throws Exception {
		String dashboard = Files.readString(FOLDER.resolve("grafana.json"));
		List<String> expressions = new ArrayList<>(JsonPath.<List<String>>read(dashboard, "$..expr"));
		assertThat(expressions).hasSizeGreaterThan(15);
		expressions.addAll(JsonPath.<List<String>>read(dashboard, "$.templating.list[?(@.type == 'query')].query"));
		assertKnown(expressions);
	}

	@Test
	void theAlertRulesAskForWhatThereIs() throws Exception {
		Map<String, List<Map<String, List<Map<String, Object>>>>> file = new Yaml()
			.load(Files.readString(FOLDER.resolve("alerts.yml")));
		List<Map<String, Object>> rules = file.get("groups").get(0).get("rules");
		assertThat(rules).hasSize(8)
			.allSatisfy((rule) -> assertThat(rule).containsKeys("alert", "expr", "annotations"));
		assertKnown(rules.stream().map((rule) -> (String) rule.get("expr")).toList());
		String page = Files.readString(FOLDER.resolveSibling("docs").resolve("monitoring.md"));
		assertThat(rules).allSatisfy((rule) -> assertThat(page).contains("| `" + rule.get("alert") + "` |"));
	}

	private static void assertKnown(List<String> expressions) {
		Map<String, Set<String>> known = new HashMap<>();
		for (MatchResult series : SERIES.matcher(scrape()).results().toList()) {
			Set<String> labels = known.computeIfAbsent(series.group(1), (name) -> new HashSet<>());
			LABEL.matcher(series.group(2)).results().forEach((label) -> labels.add(label.group(1)));
		}
		for (String expression : expressions) {
			Set<String> asked = new LinkedHashSet<>();
			Set<String> labels = new HashSet<>();
			for (MatchResult name : NAME.matcher(GROUPING.matcher(expression).replaceAll("")).results().toList()) {
				assertThat(known).as(expression).containsKey(name.group());
				asked.add(name.group());
				labels.addAll(known.get(name.group()));
			}
			assertThat(asked).as(expression).isNotEmpty();
			for (MatchResult grouping : GROUPING.matcher(expression).results().toList()) {
				assertThat(labels).as(expression).contains(grouping.group(1).split(", "));
			}
			for (MatchResult selector : SELECTOR.matcher(expression).results().toList()) {
				assertThat(labels).as(expression).contains(selector.group(1));
				if (selector.group(1).equals("outcome")) {
					assertThat(scrape()).as(expression).contains("outcome=\"" + selector.group(2) + "\"");
				}
			}
		}
	}

	private static String scrape() {
		return context.getBean(PrometheusMeterRegistry.class).scrape();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(OrderListener.class)
	static class Application {

	}

	static class OrderListener {

		@JetStreamListener("order-worker")
		void handle(String payload) {
			if (payload.equals("hopeless")) {
				throw new DeadLetterException("hopeless");
			}
			if (payload.equals("again")) {
				throw new IllegalStateException("again");
			}
		}

	}

}
