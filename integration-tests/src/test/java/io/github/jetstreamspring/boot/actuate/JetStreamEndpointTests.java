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

package io.github.jetstreamspring.boot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.boot.operations.OperationFailure;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.JetStreamOperationEvent;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * {@link JetStreamEndpoint}, invoked directly, beside a real server.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class JetStreamEndpointTests {

	private static final String[] PROPERTIES = { "spring.application.name=shop",
			"spring.main.web-application-type=none", "management.endpoints.web.exposure.include=jetstream",
			"jetstream.listener.shutdown-timeout=7s", "jetstream.listener.retry.delay=10ms",
			"jetstream.listeners.order-worker.retry.max-attempts=2", "jetstream.listeners.order-worker.ack=confirmed",
			"jetstream.streams.orders.subjects=orders.>", "jetstream.streams.orders.consumers.order-worker.ack-wait=5s",
			"jetstream.streams.orders.consumers.order-worker.max-ack-pending=50" };

	private EmbeddedNatsServer server;

	private ConfigurableApplicationContext context;

	@BeforeEach
	void start() {
		this.server = EmbeddedNatsServer.start();
		this.context = run();
	}

	@AfterEach
	void stop() {
		this.context.close();
		this.server.close();
	}

	@Test
	void aListenerIsDescribedWithItsSettingsAndWhereEachComesFrom() {
		Map<String, Object> listener = endpoint().listener("order-worker");
		assertThat(listener).containsEntry("state", "RUNNING")
			.containsEntry("connection", "default")
			.containsEntry("stream", "orders")
			.containsEntry("consumer", "order-worker")
			.containsEntry("concurrency", 3)
			.containsEntry("busy", 0)
			.containsEntry("inHand", 0)
			.doesNotContainKeys("reason", "lastHandled", "lastError", "unstored");
		assertThat(setting("order-worker", "concurrency")).containsEntry("value", 3)
			.containsEntry("source", "@JetStreamListener");
		assertThat(setting("order-worker", "ack")).containsEntry("value", "confirmed");
		assertThat(setting("order-worker", "ack").get("source")).asString()
			.startsWith("jetstream.listeners.order-worker.ack (")
			.contains("\"jetstream.listeners.order-worker.ack\" from property source \"commandLineArgs\"");
		assertThat(setting("order-worker", "shutdown-timeout")).containsEntry("value", "PT7S");
		assertThat(setting("order-worker", "shutdown-timeout").get("source")).asString()
			.startsWith("jetstream.listener.shutdown-timeout (");
		assertThat(setting("order-worker", "retry.max-attempts").get("source")).asString()
			.startsWith("jetstream.listeners.order-worker.retry.max-attempts (");
		assertThat(setting("order-worker", "max-run-time")).containsEntry("value", "PT1H")
			.containsEntry("source", "default");
	}

	@Test
	void whatHandlersDidLastIsThere() {
		JetStreamTemplate template = this.context.getBean(JetStreamTemplate.class);
		template.publish("orders.new", "good");
		await().untilAsserted(() -> assertThat(endpoint().listener("order-worker")).containsKey("lastHandled")
			.doesNotContainKey("lastError"));
		template.publish("orders.new", "bad");
		await().untilAsserted(() -> assertThat(endpoint().listener("order-worker")).extractingByKey("lastError")
			.asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsKey("time")
			.containsEntry("failure", "java.lang.IllegalStateException: no stock"));
	}

	@Test
	void aConnectionIsDescribedWithItsStreamsAndConsumers() throws Exception {
		this.context.getBean(JetStreamListeners.class).stop("order-worker");
		this.context.getBean(JetStreamTemplate.class).publish("orders.new", "waits");
		Map<String, Object> connection = connection();
		assertThat(connection).containsEntry("status", "CONNECTED")
			.containsEntry("serverVersion", this.server.version());
		assertThat(map(connection, "streams")).containsOnlyKeys("orders", "dead-letters");
		Map<String, Object> orders = map(connection, "streams", "orders");
		assertThat(orders).containsEntry("messages", 1L).containsEntry("drift", List.of());
		assertThat(orders.get("bytes")).isInstanceOf(Long.class);
		Map<String, Object> consumer = map(orders, "consumers", "order-worker");
		assertThat(consumer).containsEntry("pending", 1L)
			.containsEntry("ackPending", 0L)
			.containsEntry("redelivered", 0L);
		assertThat(Duration.parse((String) consumer.get("oldestAge"))).isLessThan(Duration.ofMinutes(1));
	}

	@Test
	void whatTheServerHasOtherwiseIsThere() throws Exception {
		JetStreamManagement management = this.context.getBean(JetStreamManagement.class);
		management.addOrUpdateConsumer("orders",
				ConsumerConfiguration
					.builder(management.getConsumerInfo("orders", "order-worker").getConsumerConfiguration())
					.ackWait(Duration.ofSeconds(9))
					.build());
		assertThat(map(connection(), "streams", "orders").get("drift")).isEqualTo(
				List.of(Map.of("setting", "consumers.order-worker.ack-wait", "server", "9s", "configuration", "5s")));
	}

	@Test
	void whenTheServerIsAwayThenWhatIsNotKnownIsAbsentAndNobodyWaits() {
		connection();
		this.server.stop();
		await().until(() -> !connection().get("status").equals("CONNECTED"));
		long begin = System.nanoTime();
		Map<String, Object> orders = map(connection(), "streams", "orders");
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
		assertThat(orders).containsOnlyKeys("consumers");
		assertThat(map(orders, "consumers")).isEqualTo(Map.of("order-worker", Map.of()));
		await().untilAsserted(() -> assertThat(endpoint().listener("order-worker")).containsEntry("state", "RECOVERING")
			.containsKey("reason"));
	}

	@Test
	void whenTheServerHangsThenNobodyWaitsForIt() throws Exception {
		this.server.pause();
		try {
			long begin = System.nanoTime();
			assertThat(map(connection(), "streams", "orders")).doesNotContainKey("messages");
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
		}
		finally {
			this.server.resume();
		}
	}

	@Test
	void aListenerIsPausedAndResumed(CapturedOutput output) {
		assertThat(change("order-worker", "pause", null, null, null)).containsEntry("state", "PAUSED");
		assertThat(change("order-worker", "pause", "instance", null, null)).containsEntry("state", "PAUSED");
		assertThat(change("order-worker", "resume", null, null, null).get("state")).isIn("RUNNING", "RECOVERING");
		await().until(() -> state() == ListenerState.RUNNING);
		assertThat(operations()).containsExactly("pause of listener 'order-worker'", "pause of listener 'order-worker'",
				"resume of listener 'order-worker'");
		assertThat(output).contains("resume of listener 'order-worker' by somebody unknown");
	}

	@Test
	@NeedsServer("2.11")
	void theFleetIsPausedForAWhileAndResumed() throws Exception {
		change("order-worker", "pause", "fleet", "PT30M", null);
		await().untilAsserted(() -> assertThat(endpoint().listener("order-worker")).containsEntry("state", "PAUSED"));
		assertThat(endpoint().listener("order-worker").get("reason")).asString().contains("for all instances");
		JetStreamManagement management = this.context.getBean(JetStreamManagement.class);
		assertThat(management.getConsumerInfo("orders", "order-worker").getPaused()).isTrue();
		change("order-worker", "resume", null, null, null);
		assertThat(management.getConsumerInfo("orders", "order-worker").getPaused()).isFalse();
		assertThat(operations()).contains("pause of all instances for PT30M of listener 'order-worker'");
	}

	@Test
	void aListenerIsStoppedAndStarted() {
		assertThat(change("order-worker", "stop", null, null, null)).containsEntry("state", "STOPPED");
		assertThat(change("order-worker", "stop", null, null, null)).containsEntry("state", "STOPPED");
		assertFailure(409, "is stopped, and can't be paused: start it",
				() -> change("order-worker", "pause", null, null, null));
		assertFailure(409, "is stopped, and can't be resumed: start it",
				() -> change("order-worker", "resume", null, null, null));
		assertThat(change("order-worker", "start", null, null, null)).containsEntry("state", "RUNNING");
		assertThat(change("order-worker", "start", null, null, null)).containsEntry("state", "RUNNING");
	}

	@Test
	void concurrencyIsChanged() {
		assertThat(change("order-worker", "concurrency", null, null, "32")).containsEntry("concurrency", 32);
		assertThat(setting("order-worker", "concurrency")).containsEntry("value", 32)
			.containsEntry("source", "changed while the application runs");
		assertFailure(400, "'concurrency' must be at least 1, but is 0",
				() -> change("order-worker", "concurrency", null, null, "0"));
		assertFailure(409, "can't run 51 handlers", () -> change("order-worker", "concurrency", null, null, "51"));
		assertFailure(400, "needs a number", () -> change("order-worker", "concurrency", null, null, "many"));
		assertFailure(400, "needs a number", () -> change("order-worker", "concurrency", null, null, null));
		assertThat(endpoint().listener("order-worker")).containsEntry("concurrency", 32);
	}

	@Test
	void whatMakesNoSenseIsRefused() {
		assertFailure(404, "There is no listener 'order-worke'; did you mean 'order-worker'?",
				() -> endpoint().listener("order-worke"));
		assertFailure(404, "There is no listener 'x'", () -> change("x", "stop", null, null, null));
		assertFailure(400, "'action' must be one of 'pause', 'resume', 'stop', 'start', 'concurrency'",
				() -> change("order-worker", "jump", null, null, null));
		assertFailure(400, "'action' must be one of", () -> change("order-worker", null, null, null, null));
		assertFailure(400, "'scope' must be 'instance' or 'fleet'",
				() -> change("order-worker", "pause", "all", null, null));
		assertFailure(400, "needs a 'duration'", () -> change("order-worker", "pause", "fleet", null, null));
		assertFailure(400, "a pause of this instance lasts until it is resumed",
				() -> change("order-worker", "pause", null, "PT1M", null));
		for (String duration : List.of("soon", "0s", "-1s", "30", "200000d")) {
			assertFailure(400, "'duration' must be a positive duration with its unit",
					() -> change("order-worker", "pause", "fleet", duration, null));
		}
		assertFailure(400, "'duration' is not for this action",
				() -> change("order-worker", "stop", null, "PT1M", null));
		assertFailure(400, "'concurrency' is not for this action",
				() -> change("order-worker", "stop", null, null, "3"));
		assertThat(operations()).isEmpty();
	}

	@Test
	@NeedsServer("2.11")
	void whenTheServerIsAwayThenTheFleetCanNotBePausedButTheInstanceCan(CapturedOutput output) {
		this.server.stop();
		await().until(() -> state() == ListenerState.RECOVERING);
		assertFailure(503, "could not be paused on the server",
				() -> change("order-worker", "pause", "fleet", "1m", null));
		assertThat(output).contains(
				"pause of all instances for PT1M of listener 'order-worker' by somebody unknown was not possible: ");
		assertThat(change("order-worker", "pause", null, null, null)).containsEntry("state", "PAUSED");
		assertThat(change("order-worker", "stop", null, null, null)).containsEntry("state", "STOPPED");
		assertFailure(503, "can't be started", () -> change("order-worker", "start", null, null, null));
	}

	@Test
	void whenTheConsumerIsGoneThenTheServerHasRefused() throws Exception {
		change("order-worker", "stop", null, null, null);
		this.context.close();
		this.context = run("jetstream.topology.mode=none", "jetstream.listener.auto-startup=false");
		this.context.getBean(JetStreamManagement.class).deleteConsumer("orders", "order-worker");
		assertFailure(502, "consumer not found", () -> change("order-worker", "start", null, null, null));
	}

	@Test
	@NeedsServer("2.14")
	void aScheduleIsShownAndRunNow() throws Exception {
		this.context.close();
		this.context = run("jetstream.streams.orders.allow-message-schedules=true",
				"jetstream.schedules.nightly.subject=orders.nightly", "jetstream.schedules.nightly.payload=all",
				"jetstream.schedules.nightly.headers.tenant=acme", "jetstream.schedules.nightly.cron=0 0 3 * * *",
				"jetstream.schedules.nightly.time-zone=Europe/Berlin", "jetstream.schedules.often.subject=orders.often",
				"jetstream.schedules.often.every=1s");
		Map<String, Object> nightly = map(connection(), "schedules", "nightly");
		assertThat(nightly).containsEntry("subject", "orders.nightly")
			.containsEntry("expression", "0 0 3 * * *")
			.containsEntry("timeZone", "Europe/Berlin")
			.doesNotContainKey("last");
		assertThat(Instant.parse((String) nightly.get("next"))).isBetween(Instant.now(),
				Instant.now().plus(Duration.ofDays(1)));
		change("order-worker", "stop", null, null, null);
		assertThat(endpoint().run("schedules", "nightly", "run", null, SecurityContext.NONE))
			.containsEntry("stream", "orders")
			.containsEntry("connection", "default")
			.containsKey("sequence");
		MessageInfo message = this.context.getBean(JetStreamManagement.class)
			.getLastMessage("orders", "orders.nightly");
		assertThat(message.getData()).asString().isEqualTo("all");
		assertThat(message.getHeaders().getFirst("tenant")).isEqualTo("acme");
		assertThat(operations()).contains("run of schedule 'nightly'");
		// Nothing has been asked for the time being
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(map(connection(), "schedules", "often")).containsKey("last")
				.containsEntry("expression", "@every 1s"));
		// Whoever runs it is not the server
		assertThat(map(connection(), "schedules", "nightly")).doesNotContainKey("last");
		assertFailure(404, "There is no schedule 'nightl'; did you mean 'nightly'?",
				() -> endpoint().run("schedules", "nightl", "run", null, SecurityContext.NONE));
		assertFailure(404, "There is no connection 'x'",
				() -> endpoint().run("schedules", "nightly", "run", "x", SecurityContext.NONE));
		assertFailure(400, "'action' must be 'run'",
				() -> endpoint().run("schedules", "nightly", "walk", null, SecurityContext.NONE));
		assertFailure(404, "There is no 'workers' here",
				() -> endpoint().run("workers", "nightly", "run", null, SecurityContext.NONE));
		this.server.stop();
		assertFailure(503, "could not be published",
				() -> endpoint().run("schedules", "nightly", "run", null, SecurityContext.NONE));
	}

	@Test
	@NeedsServer("2.14")
	void whenTheStreamOfAScheduleIsGoneThenTheServerHasRefused() throws Exception {
		this.context.close();
		this.context = run("jetstream.streams.orders.allow-message-schedules=true",
				"jetstream.schedules.nightly.subject=orders.nightly", "jetstream.schedules.nightly.cron=@daily",
				"jetstream.listener.auto-startup=false");
		this.context.getBean(JetStreamManagement.class).deleteStream("orders");
		assertFailure(502, "no stream listens on its subject 'orders.nightly'",
				() -> endpoint().run("schedules", "nightly", "run", null, SecurityContext.NONE));
		// One is missing, and that is known
		assertThat(map(connection(), "streams", "orders")).doesNotContainKey("messages");
		assertThat((List<?>) map(connection(), "streams", "orders").get("drift")).isNotEmpty();
	}

	@Test
	@NeedsServer("2.11")
	void whenSomethingIsForbiddenThenItIsAbsentOrNamed() {
		this.context.close();
		this.server.close();
		this.server = EmbeddedNatsServer.builder()
			.config("""
					authorization { users: [ { user: app, password: app, permissions: { publish: { deny: [
					  "$JS.API.CONSUMER.PAUSE.>", "$JS.API.STREAM.MSG.GET.>", "$JS.API.STREAM.NAMES" ] } } } ] }""")
			.start();
		this.context = run("jetstream.username=app", "jetstream.password=app", "jetstream.listener.auto-startup=false");
		this.context.getBean(JetStreamTemplate.class).publish("orders.new", "waits");
		Map<String, Object> orders = map(connection(), "streams", "orders");
		assertThat(orders).containsEntry("messages", 1L);
		assertThat(map(orders, "consumers", "order-worker")).containsEntry("pending", 1L)
			.doesNotContainKey("oldestAge");
		assertFailure(502, "may not publish to '$JS.API.CONSUMER.PAUSE.orders.order-worker'",
				() -> change("order-worker", "pause", "fleet", "PT1M", null));
	}

	@Test
	@NeedsServer("2.14")
	void eachConnectionIsDescribed() {
		this.context.close();
		try (EmbeddedNatsServer other = EmbeddedNatsServer.start()) {
			this.context = run("jetstream.connections.warehouse.servers=" + other.url(),
					"jetstream.connections.warehouse.streams.picks.subjects=picks.>",
					"jetstream.connections.warehouse.streams.picks.allow-message-schedules=true",
					"jetstream.connections.warehouse.schedules.count.subject=picks.count",
					"jetstream.connections.warehouse.schedules.count.every=1h");
			Map<String, Object> connections = map(endpoint().all(), "connections");
			assertThat(connections).containsOnlyKeys("default", "warehouse");
			assertThat(map(connections, "default", "streams")).containsOnlyKeys("orders", "dead-letters");
			assertThat(map(connections, "warehouse", "streams", "picks")).containsEntry("messages", 1L)
				.containsEntry("drift", List.of());
			assertThat(endpoint().run("schedules", "count", "run", null, SecurityContext.NONE))
				.containsEntry("connection", "warehouse")
				.containsEntry("stream", "picks");
			this.context.close();
		}
	}

	private List<String> operations() {
		return this.context.getBean(Application.class).operations.stream()
			.map((event) -> event.getOperation() + " of " + event.getTarget())
			.toList();
	}

	private ListenerState state() {
		return this.context.getBean(JetStreamListeners.class).state("order-worker");
	}

	private Map<String, Object> change(String id, String action, String scope, String duration, String concurrency) {
		return endpoint().change(id, action, scope, duration, concurrency, SecurityContext.NONE);
	}

	private static void assertFailure(int status, String detail, ThrowingCallable call) {
		assertThatExceptionOfType(OperationFailure.class).isThrownBy(call)
			.withMessageContaining(detail)
			.satisfies((failure) -> assertThat(failure.status()).isEqualTo(status));
	}

	private Map<String, Object> connection() {
		return map(endpoint().all(), "connections", "default");
	}

	private Map<String, Object> setting(String listener, String key) {
		return map(endpoint().listener(listener), "settings", key);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Map<String, Object> map, String... path) {
		Map<String, Object> current = map;
		for (String name : path) {
			current = (Map<String, Object>) current.get(name);
			assertThat(current).as(name).isNotNull();
		}
		return current;
	}

	private JetStreamEndpoint endpoint() {
		return this.context.getBean(JetStreamEndpoint.class);
	}

	private ConfigurableApplicationContext run(String... more) {
		String[] arguments = Stream.concat(Stream.of(PROPERTIES), Stream.of(more))
			.map("--"::concat)
			.toArray(String[]::new);
		return new SpringApplicationBuilder(Application.class)
			.run(StringUtils.addStringToArray(arguments, "--jetstream.servers=" + this.server.url()));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final Queue<JetStreamOperationEvent> operations = new ConcurrentLinkedQueue<>();

		@JetStreamListener(consumer = "order-worker", concurrency = "3")
		void handle(String order) {
			if (order.equals("bad")) {
				throw new IllegalStateException("no stock");
			}
		}

		@EventListener
		void operation(JetStreamOperationEvent event) {
			this.operations.add(event);
		}

	}

}
