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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What an application prints about its streams and consumers besides the table.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class ReportFormatTests {

	private static final String[] ORDERS = { "spring.application.name=Order Shop",
			"jetstream.streams.orders.subjects=orders.>", "jetstream.streams.orders.max-age=7d",
			"jetstream.streams.orders.metadata.team=on", "jetstream.streams.orders.consumers.order-worker.ack-wait=30s",
			"jetstream.streams.orders.consumers.order-worker.max-ack-pending=500",
			"jetstream.streams.orders.consumers.order-worker.filter-subjects=orders.new",
			"jetstream.listeners.order-worker.concurrency=4" };

	@AutoClose
	private EmbeddedNatsServer server;

	@TempDir
	private Path directory;

	@BeforeEach
	void start() {
		this.server = EmbeddedNatsServer.start();
	}

	@Test
	void whatDiffersIsWrittenAsJson() {
		TestApplication.run(List.of(Listeners.class), this.server.url(), ORDERS).close();
		JsonNode clean = connection(report("json", 0));
		assertThat(clean.get("clean").asBoolean()).isTrue();
		assertThat(clean.get("differences")).isEmpty();
		assertThat(clean.get("serverVersion").asString()).isEqualTo(this.server.version());
		JsonNode different = connection(
				report("json", 2, "jetstream.streams.orders.consumers.order-worker.ack-wait=1m"));
		assertThat(different.get("clean").asBoolean()).isFalse();
		assertThat(different.get("declarable").asBoolean()).isTrue();
		assertThat(different.get("mode").asString()).isEqualTo("update");
		assertThat(different.get("differences")).hasSize(1);
		JsonNode difference = different.get("differences").get(0);
		assertThat(difference.get("stream").asString()).isEqualTo("orders");
		assertThat(difference.get("consumer").asString()).isEqualTo("order-worker");
		assertThat(difference.get("setting").asString()).isEqualTo("ack-wait");
		assertThat(difference.get("server").asString()).isEqualTo("30s");
		assertThat(difference.get("configuration").asString()).isEqualTo("1m");
		assertThat(difference.get("action").asString()).isEqualTo("update");
		JsonNode wrong = connection(report("json", 1, "jetstream.streams.orders.replicas=6"));
		assertThat(wrong.get("declarable").asBoolean()).isFalse();
		assertThat(wrong.get("problems").get(0).get("key").asString()).isEqualTo("jetstream.streams.orders.replicas");
	}

	@Test
	void permissionsAreWrittenAsTheServerReadsThem() {
		String report = report("permissions", 0, "jetstream.topology.mode=none");
		assertThat(subjects(report)).containsExactlyInAnyOrder("$JS.API.INFO", "orders.>", "$JS.API.STREAM.INFO.orders",
				"$JS.API.CONSUMER.INFO.orders.order-worker", "$JS.API.CONSUMER.MSG.NEXT.orders.order-worker",
				"$JS.ACK.orders.order-worker.>", "dead-letters.orders.order-worker");
		assertThat(report).contains("subscribe: { allow: \"_INBOX.>\" }");
		assertThat(report).contains("redrive dead letters", "#   \"$JS.API.STREAM.MSG.GET.dead-letters\"",
				"#   \"dead-letters-redrive.>\"", "#   \"$JS.ACK.dead-letters-redrive.>\"");
		assertThat(subjects(
				report("permissions", 0, "jetstream.topology.mode=none", "jetstream.dead-letter.enabled=false")))
			.doesNotContain("dead-letters.orders.order-worker");
		assertThat(report("permissions", 0, "jetstream.dead-letter.enabled=false")).doesNotContain("redrive");
		try (EmbeddedNatsServer configured = EmbeddedNatsServer.builder()
			.config("authorization { users: [ { user: app, password: app, "
					+ report.lines().filter((line) -> !line.startsWith("#")).collect(Collectors.joining("\n"))
					+ " } ] }")
			.start()) {
			assertThat(configured.isRunning()).isTrue();
		}
	}

	@Test
	void streamsAndConsumersAreWrittenAsResourcesThatTheControllerKnows() throws Exception {
		String report = report("nack", 0);
		Properties fields = PropertiesLoaderUtils.loadProperties(new ClassPathResource("nack-fields.properties"));
		Map<String, Map<String, Object>> specs = new LinkedHashMap<>();
		for (Object document : new Yaml().loadAll(report)) {
			Map<String, Object> resource = map(document);
			assertThat(resource).containsEntry("apiVersion", "jetstream.nats.io/v1beta2");
			Map<String, Object> spec = map(resource.get("spec"));
			assertThat(fields.getProperty((String) resource.get("kind")).split(",")).containsAll(spec.keySet());
			specs.put(resource.get("kind") + " " + map(resource.get("metadata")).get("name"), spec);
		}
		assertThat(specs).containsOnlyKeys("Stream orders", "Consumer orders-order-worker", "Stream dead-letters");
		assertThat(specs.get("Stream orders")).containsEntry("name", "orders")
			.containsEntry("subjects", List.of("orders.>"))
			.containsEntry("retention", "workqueue")
			.containsEntry("storage", "file")
			.containsEntry("maxAge", Duration.ofDays(7).toNanos() + "ns")
			.containsEntry("metadata", Map.of("team", "on"))
			.containsEntry("preventDelete", true);
		assertThat(specs.get("Consumer orders-order-worker")).containsEntry("streamName", "orders")
			.containsEntry("durableName", "order-worker")
			.containsEntry("ackPolicy", "explicit")
			.containsEntry("ackWait", Duration.ofSeconds(30).toNanos() + "ns")
			.containsEntry("maxAckPending", 500)
			.containsEntry("filterSubject", "orders.new");
		assertThat(specs.get("Stream dead-letters")).containsEntry("retention", "limits");
	}

	@Test
	@NeedsServer("2.14")
	void whatTheControllerCanNotDeclareIsSaid() {
		String report = report("nack", 0, "jetstream.streams.orders.allow-message-schedules=true",
				"jetstream.streams.orders.allow-message-ttl=true", "jetstream.schedules.nightly.subject=orders.nightly",
				"jetstream.schedules.nightly.cron=@daily");
		assertThat(report).contains("# Left out: schedule 'nightly': the application has to declare it itself")
			.contains("_schedules.orders.>");
	}

	@Test
	void theObjectForScalingHasATriggerForEachListener() {
		Map<String, Object> object = map(new Yaml().load(report("keda", 0)));
		assertThat(object).containsEntry("apiVersion", "keda.sh/v1alpha1").containsEntry("kind", "ScaledObject");
		Map<String, Object> spec = map(object.get("spec"));
		assertThat(spec).containsEntry("scaleTargetRef", Map.of("name", "order-shop"))
			.containsEntry("minReplicaCount", 1);
		assertThat(spec.get("triggers")).isEqualTo(List
			.of(Map.of("type", "nats-jetstream", "metadata", Map.of("natsServerMonitoringEndpoint", "127.0.0.1:8222",
					"account", "$G", "stream", "orders", "consumer", "order-worker", "lagThreshold", "40"))));
	}

	@Test
	void whenThereIsAFileThenTheReportGoesThere(CapturedOutput output) throws Exception {
		Path file = this.directory.resolve("reports/orders.json");
		assertThat(exitCode("json", "jetstream.topology.report-file=" + file)).isEqualTo(2);
		assertThat(JsonMapper.shared().readTree(Files.readString(file)).get("connections").has("default")).isTrue();
		assertThat(output).doesNotContain("\"connections\"");
	}

	@Test
	void whenTheFileCanNotBeWrittenThenItIsNamed(CapturedOutput output) {
		Path file = this.directory.resolve("taken");
		assertThat(file.toFile().mkdir()).isTrue();
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> run("json", "jetstream.topology.report-file=" + file));
		assertThat(output).contains("The report can't be written to '" + file + "' (jetstream.topology.report-file)");
	}

	@Test
	void whenTheFormatIsUnknownThenTheOthersAreNamed(CapturedOutput output) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> run("xml"));
		assertThat(output).contains("jetstream.topology.report")
			.contains(
					"it must be table, json, permissions, nack or keda; true is table, and false runs the application");
	}

	@Test
	void onStandardOutputThereIsNothingElse() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Main.class.getName(), "--jetstream.servers=" + this.server.url(),
				"--jetstream.topology.report=json", "--jetstream.streams.orders.subjects=orders.>",
				"--jetstream.streams.orders.consumers.order-worker.ack-wait=30s", "--server.port=0",
				"--management.otlp.metrics.export.enabled=false")
			.redirectError(this.directory.resolve("err").toFile())
			.redirectOutput(this.directory.resolve("out").toFile())
			.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		String errors = Files.readString(this.directory.resolve("err"));
		assertThat(process.exitValue()).as(errors).isEqualTo(2);
		JsonNode report = JsonMapper.shared().readTree(Files.readString(this.directory.resolve("out")));
		assertThat(report.get("connections").get("default").get("differences")).isNotEmpty();
		assertThat(errors).contains(":: Spring Boot ::", "Connected to NATS server");
	}

	private static JsonNode connection(String report) {
		return JsonMapper.shared().readTree(report).get("connections").get("default");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Object map) {
		return (Map<String, Object>) map;
	}

	static Set<String> subjects(String report) {
		return Pattern.compile("^ {4}\"(.+)\"$", Pattern.MULTILINE)
			.matcher(report)
			.results()
			.map((match) -> match.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private String report(String format, int exitCode, String... properties) {
		Path file = this.directory.resolve("report");
		String[] all = Stream.concat(Stream.of(properties), Stream.of("jetstream.topology.report-file=" + file))
			.toArray(String[]::new);
		assertThat(exitCode(format, all)).isEqualTo(exitCode);
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int exitCode(String format, String... properties) {
		TopologyReportedException reported = TopologyReportedException
			.in(catchThrowableOfType(RuntimeException.class, () -> run(format, properties)));
		assertThat(reported).isNotNull();
		return reported.getExitCode();
	}

	private void run(String format, String... properties) {
		List<String> all = new ArrayList<>(List.of(ORDERS));
		for (String property : properties) {
			all.removeIf((other) -> other.startsWith(property.substring(0, property.indexOf('=') + 1)));
			all.add(property);
		}
		all.add("jetstream.topology.report=" + format);
		TestApplication.run(List.of(Listeners.class), this.server.url(), all.toArray(String[]::new)).close();
	}

	/**
	 * An application with a main method.
	 */
	static final class Main {

		public static void main(String[] arguments) {
			SpringApplication.run(new Class<?>[] { TestApplication.Configuration.class, Listeners.class }, arguments);
		}

	}

	static class Listeners {

		@JetStreamListener("order-worker")
		void handle(String order) {
		}

	}

}
