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

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;

/**
 * Invalid {@code jetstream.*} properties, as the user is told about them.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertiesTests {

	@Test
	void whenSeveralAreInvalidThenAllAreInOneAnalysis(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run("--jetstream.publisher.max-in-flight=0", "--jetstream.publisher.timeout=soon",
					"--jetstream.connection.max-reconnects=-2", "--jetstream.topology.mode=maybe",
					"--jetstream.streams.orders.max-age=long", "--jetstream.streams.orders.max-bites=1",
					"--jetstream.listeners.worker.retry.jitter=2", "--jetstream.dead-letter.stream=dead.letters"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The configuration of JetStream is not valid:")
			.contains("jetstream.publisher.max-in-flight: it must be at least 1")
			.contains("jetstream.publisher.timeout: 'soon' is not a duration such as 30s, 5m or 7d")
			.contains("jetstream.connection.max-reconnects: it must be at least 0, or -1 to never give up")
			.contains("jetstream.topology.mode: 'maybe' is not one of update, create, validate, none")
			.contains("jetstream.streams.orders.max-age: 'long' is not a duration such as 30s, 5m or 7d")
			.contains("jetstream.streams.orders.max-bites: there is no such property")
			.contains("jetstream.listeners.worker.retry.jitter: it must be from 0 to 1")
			.contains("jetstream.dead-letter.stream: it must be a stream's name");
	}

	@ParameterizedTest
	@CsvSource({ "--jetstream.username=app, jetstream.password: username and password must be set together",
			"--jetstream.password=pass-secret, jetstream.password: username and password must be set together",
			"--jetstream.nkey-seed=nkey-secret, 'jetstream.nkey-seed: it must be a seed, which starts with S'",
			"--jetstream.servers=nats://app:url-secret@, jetstream.servers: each server must be host:port" })
	void whenCredentialsAreInvalidThenTheyAreNotShown(String argument, String expected, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(argument));
		assertThat(output).contains(expected).doesNotContain("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:4222", "nats//localhost:4222", "localhost:abc", "localhost:99999",
			"nats://localhost:0", "nats://user:p@ss-secret@localhost:4222", "" })
	void whenAServerIsNotOneThenTheAnalysisSaysWhatOneIs(String server, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.servers=" + server));
		assertThat(output)
			.contains(
					"jetstream.servers: each server must be host:port or a URL such as nats://localhost:4222 or tls://")
			.contains("in a password must be percent-encoded")
			.doesNotContain("secret");
	}

	@Test
	void whenAKeyIsMissingThenTheAnalysisNamesIt(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> run("--jetstream.streams.a.mirror.filter-subject=x", "--jetstream.streams.b.sources[0].domain=x",
						"--jetstream.streams.b.republish.source=x", "--jetstream.schedules.nightly.every=1h"));
		assertThat(output).contains("jetstream.streams.a.mirror: 'name' is missing: the stream to copy from")
			.contains("jetstream.streams.b.sources[0]: 'name' is missing: the stream to copy from")
			.contains("jetstream.streams.b.republish: 'destination' is missing")
			.doesNotContain("can't be read as", "is not a value");
	}

	@Test
	void whenAKeyHasAValueInsteadOfKeysOrNoneThenTheAnalysisSaysSo(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.streams.orders=orders.>", "--jetstream.listeners=w",
				"--jetstream.topology.mode="));
		assertThat(output).contains("jetstream.streams.orders: it is not a value, but has keys below it")
			.contains("jetstream.listeners: it is not a value, but has keys below it")
			.contains("jetstream.topology.mode: it has no value, or there is no such property");
	}

	@Test
	void whenThereAreFewerDeliveriesThanAttemptsThenTheAnalysisSaysSo(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.listener.retry.max-attempts=5",
				"--jetstream.listener.retry.max-deliveries=4", "--jetstream.listeners.w.retry.max-deliveries=0"));
		assertThat(output).contains("jetstream.listener.retry.max-deliveries: it must not be less than max-attempts")
			.contains("jetstream.listeners.w.retry.max-deliveries: it must be at least 1");
	}

	@Test
	void whenSeveralSettingsOfAListenerAreInvalidThenAllAreInOneAnalysis(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.listeners.w.concurrency=0",
				"--jetstream.listeners.w.max-buffer=-1", "--jetstream.listeners.w.max-run-time=-5s",
				"--jetstream.listeners.w.shutdown-timeout=-1s", "--jetstream.listeners.w.priority=3",
				"--jetstream.listeners.w.min-pending=4", "--jetstream.listeners.w.reply-subjects=' '",
				"--jetstream.listeners.w.retry.delay=2m", "--jetstream.listeners.w.retry.max-delay=1m",
				"--jetstream.listeners.w.retry.multiplier=0.5", "--jetstream.listeners.w.batch.size=0",
				"--jetstream.listeners.w.batch.timeout=0s", "--jetstream.listeners.w.circuit-breaker.failure-rate=2",
				"--jetstream.listeners.w.circuit-breaker.trials=many", "--jetstream.listener.batch.size=-1"));
		assertThat(output).contains("jetstream.listeners.w.concurrency: it must be at least 1 (")
			.contains("jetstream.listeners.w.max-buffer: it must not be negative (")
			.contains("jetstream.listeners.w.max-run-time: it must be a positive duration such as 30s (")
			.contains("jetstream.listeners.w.shutdown-timeout: it must not be negative (")
			.contains("jetstream.listeners.w.priority: it can't be set together with")
			.contains("jetstream.listeners.w.retry.max-delay: it must not be shorter than delay (")
			.contains("jetstream.listeners.w.retry.multiplier: it must be at least 1 (")
			.contains("jetstream.listeners.w.batch.size: it must be at least 1 (")
			.contains("jetstream.listeners.w.batch.timeout: it must be a positive duration such as 30s (")
			.contains("jetstream.listeners.w.circuit-breaker.failure-rate: it must be above 0 and at most 1 (")
			.contains("jetstream.listeners.w.circuit-breaker.trials: 'many' is not a number (")
			.contains("jetstream.listener.batch.size: it must be at least 1 (");
	}

	@Test
	void whenThereAreTwoWaysToAuthenticateThenBothAreNamedAndNotShown(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.token=t-secret", "--jetstream.nkey-seed=SU-secret"));
		assertThat(output).contains("only one of username and password, token, nkey-seed and credentials can be set")
			.doesNotContain("secret");
	}

	@Test
	void whenPropertiesArePrintedThenSecretsAreLeftOut() {
		JetStreamProperties properties = new JetStreamProperties(true, List.of("nats://app:url-secret@localhost"), null,
				"app", "pass-secret", null, null, null, "signing-secret", new SslProperties(null, true, false), null,
				null, Map.of(), Map.of(), null, Map.of(), null, null, null, null, null, null, Map.of());
		assertThat(properties.toString()).contains("localhost").doesNotContain("secret");
		assertThat(new PropertiesJetStreamConnectionDetails(properties, null).toString()).doesNotContain("secret");
	}

	@Test
	void whenNamedConnectionsArePrintedThenSecretsAreLeftOut() {
		NamedConnectionProperties warehouse = new NamedConnectionProperties(List.of("nats://app:url-secret@localhost"),
				null, "app", "pass-secret", null, null, null, new SslProperties(null, true, false), null, null,
				Map.of(), Map.of(), null, null);
		JetStreamProperties properties = new JetStreamProperties(true, List.of("nats://localhost"), null, null, null,
				null, null, null, null, new SslProperties(null, true, false), null, null, Map.of(), Map.of(), null,
				Map.of(), null, null, null, null, null, null, Map.of("warehouse", warehouse));
		assertThat(properties.toString()).contains("warehouse").doesNotContain("secret");
		assertThat(warehouse.toString()).contains("localhost").doesNotContain("secret");
	}

	@ParameterizedTest
	@CsvSource({ "jetstream.stream.orders.subjects, jetstream.streams.orders.subjects",
			"jetstream.streams.orders.subject, jetstream.streams.orders.subjects",
			"jetstream.streams.orders.max-msgs, jetstream.streams.orders.max-messages",
			"jetstream.streams.orders.ack-wait, jetstream.streams.orders.consumers.<name>.ack-wait",
			"jetstream.streams.orders.worker.ack-wait, jetstream.streams.orders.consumers.worker.ack-wait",
			"jetstream.streams.orders.consumer.worker.ack-wiat, jetstream.streams.orders.consumers.worker.ack-wait",
			"jetstream.streams[orders.eu].max-bites, jetstream.streams[orders.eu].max-bytes",
			"jetstream.streams.orders.sources[1].nam, jetstream.streams.orders.sources[1].name",
			"jetstream.listener.concurency, jetstream.listener.concurrency",
			"jetstream.listener.max-attempts, jetstream.listener.retry.max-attempts",
			"jetstream.listener.order-worker.concurrency, jetstream.listeners.order-worker.concurrency",
			"jetstream.listeners.w.retry.dealy, jetstream.listeners.w.retry.delay",
			"jetstream.listeners.w.circuitbraker.pause, jetstream.listeners.w.circuit-breaker.pause",
			"jetstream.connection.servers, jetstream.servers or jetstream.connections.<name>.servers",
			"jetstream.server, jetstream.servers", "jetstream.topolgy.mode, jetstream.topology.mode",
			"jetstream.schedules.nightly.crom, jetstream.schedules.nightly.cron",
			"jetstream.connections.warehouse.publisher.time-out-s, jetstream.connections.warehouse.publisher.timeout",
			"jetstream.deadletters.max-age, jetstream.dead-letter.max-age" })
	void whenAKeyIsMisspelledThenTheNearestOneIsNamed(String key, String nearest, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--" + key + "=1"));
		assertThat(output).contains("%s: there is no such property; did you mean %s? (".formatted(key, nearest));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jetstream.colour", "jetstream.streams.orders.wombat", "jetstream.listener.metadata" })
	void whenNoKeyIsNearThenNoneIsNamed(String key, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--" + key + "=1"));
		assertThat(output).contains(key + ": there is no such property").doesNotContain("did you mean");
	}

	@Test
	void whenAGroupWithoutValueIsMisspelledThenTheGroupIsNamed(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run("--jetstream.streams.orders.consumer.w=", "--jetstream.connections.o.sreams="));
		assertThat(output)
			.contains("jetstream.streams.orders.consumer.w: it has no value, or there is no such property; did you mean"
					+ " jetstream.streams.orders.consumers.w?")
			.contains("did you mean jetstream.connections.o.streams?");
	}

	@Test
	void whenAGroupHasAValueThenTheNearestKeyIsNamed(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.listeners.concurrency=5"));
		assertThat(output).contains("jetstream.listeners.concurrency: it is not a value, but has keys below it;"
				+ " did you mean jetstream.listener.concurrency or jetstream.listeners.<name>.concurrency?");
	}

	@Test
	void whenAnEnumValueIsMisspelledThenTheNearestOneIsNamed(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.topology.mode=udpate",
				"--jetstream.streams.orders.retention=workqueues", "--jetstream.listener.ack=sometimes"));
		assertThat(output).contains("'udpate' is not one of update, create, validate, none; did you mean 'update'? (")
			.contains("'workqueues' is not one of limits, interest, work-queue; did you mean 'work-queue'? (")
			.contains("'sometimes' is not one of plain, confirmed (");
	}

	@Test
	void whenAModuleIsMissingThenItsKeysNameIt(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.console.enabled=true"));
		assertThat(output).contains("jetstream.console.enabled: it belongs to a module that isn't there:"
				+ " add the dependency jetstream-spring-boot-console");
	}

	@Test
	void whenAnEnvironmentVariableIsMisspelledThenItIsWarnedOf(CapturedOutput output) {
		assertThatException().isThrownBy(() -> runIn(Map.of("JETSTREAM_LISTNER_CONCURRENCY", "5", "JETSTREAM_HOME",
				"/opt", "JETSTREAM_DEAD_LETTER_MAX_AGE", "1d"), "--jetstream.publisher.max-in-flight=0"));
		assertThat(output).contains("jetstream.listner.concurrency: there is no such property; did you mean"
				+ " jetstream.listener.concurrency? (System Environment Property \"JETSTREAM_LISTNER_CONCURRENCY\")")
			.containsOnlyOnce("there is no such property");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jetstream.connection.startup-timeout", "jetstream.connection.ping-interval",
			"jetstream.streams.orders.max-age", "jetstream.streams.orders.consumer-limits.inactive-threshold",
			"jetstream.streams.orders.consumers.worker.ack-wait", "jetstream.schedules.nightly.every",
			"jetstream.listener.retry.delay", "jetstream.listeners.w.circuit-breaker.pause",
			"jetstream.dead-letter.max-age", "jetstream.publisher.timeout",
			"jetstream.connections.warehouse.publisher.timeout",
			"jetstream.connections.warehouse.streams.orders.consumers.worker.ack-wait" })
	void whenADurationHasNoUnitThenBothReadingsAreNamed(String key, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--" + key + "=30"));
		assertThat(output).contains(key + ": it has no unit: 30 would be 30 ms; write 30s or 30ms");
	}

	@Test
	void whenADurationHasNoUnitThenItIsOneProblemAmongOthersWhereverItComesFrom(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> runIn(Map.of("JETSTREAM_LISTENER_RETRY_MAXDELAY", "300", "RUN_TIME", "+90"),
					"--jetstream.publisher.timeout=${TIMEOUT:5}", "--jetstream.listener.max-run-time=${RUN_TIME}",
					"--jetstream.connection.max-reconnects=-2", "--jetstream.streams.orders.max-age=-1"));
		assertThat(output).contains("jetstream.listener.retry.max-delay: it has no unit: 300 would be 300 ms;")
			.contains("jetstream.publisher.timeout: it has no unit: 5 would be 5 ms; write 5s or 5ms")
			.contains("jetstream.listener.max-run-time: it has no unit: 90 would be 90 ms; write 90s or 90ms")
			.contains("jetstream.connection.max-reconnects: it must be at least 0")
			.contains("jetstream.streams.orders.max-age: '-1' is not a duration such as 30s, 5m or 7d; no limit is 0");
	}

	@ParameterizedTest
	@CsvSource({ "jetstream.listener.max-run-time, 300000d", "jetstream.streams.orders.max-age, 106752d",
			"jetstream.streams.1.consumers.2.ack-wait, PT9223372036854775807S",
			"jetstream.streams.1.max-age, PT-9223372036854775808S",
			"jetstream.publisher.timeout, 9223372036854775807ms",
			"jetstream.listeners.w.retry.max-delay, 9223372036854775807s" })
	void whenADurationIsLongerThanCanBeCountedThenItIsRefused(String key, String value, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--" + key + "=" + value));
		assertThat(output).contains(key + ": it must not be longer than 100 years (36500d)");
	}

	@Test
	void whenNumbersAreMoreThanAMachineHasThenTheyAreRefused(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--jetstream.listeners.w.concurrency=2147483647",
				"--jetstream.listener.circuit-breaker.window=2147483647"));
		assertThat(output).contains("jetstream.listeners.w.concurrency: it must be at most 100000")
			.contains("jetstream.listener.circuit-breaker.window: it must be at most 1000000");
	}

	@Test
	void whenADurationHasAUnitOrIsZeroThenItIsTaken() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withBean(Connection.class, () -> mock(Connection.class, RETURNS_DEEP_STUBS))
			.withPropertyValues("jetstream.topology.mode=none", "jetstream.publisher.timeout=PT30S",
					"jetstream.listener.shutdown-timeout=0", "jetstream.listener.retry.delay=250ms",
					"jetstream.streams.orders.max-age=0", "jetstream.streams.orders.consumers.worker.max-expires=00",
					"jetstream.streams.orders.consumers.worker.ack-wait=${WAIT:1m}", "other.wait=30")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				JetStreamProperties properties = context.getBean(JetStreamProperties.class);
				assertThat(properties.publisher().timeout()).isEqualTo(Duration.ofSeconds(30));
				assertThat(properties.listener().shutdownTimeout()).isZero();
				assertThat(properties.listener().retry().delay()).isEqualTo(Duration.ofMillis(250));
				assertThat(properties.streams().get("orders").maxAge()).isZero();
				assertThat(context.getBean(OtherProperties.class).waiting()).isEqualTo(Duration.ofMillis(30));
			});
	}

	private static void runIn(Map<String, Object> variables, String... arguments) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		new SpringApplicationBuilder(Application.class).environment(environment)
			.web(WebApplicationType.NONE)
			.run(arguments)
			.close();
	}

	private static void run(String... arguments) {
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).run(arguments).close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration(JetStreamAutoConfiguration.class)
	@EnableConfigurationProperties(OtherProperties.class)
	static class Application {

	}

	/**
	 * Somebody else's properties, for which Spring Boot's own rules hold.
	 *
	 * @param waiting a duration
	 */
	@ConfigurationProperties("other")
	record OtherProperties(@Name("wait") Duration waiting) {
	}

}
