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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.boot.operations.Operations;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishForbiddenException;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.NeedsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Applications that have exactly the rights which the documentation lists.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ExactRightsTests {

	private static final String[] WORKER = { "$JS.API.CONSUMER.INFO.orders.order-worker",
			"$JS.API.CONSUMER.MSG.NEXT.orders.order-worker", "$JS.ACK.orders.order-worker.>",
			"dead-letters.orders.order-worker" };

	private static final String[] READING = { "$JS.API.STREAM.INFO.orders", "$JS.API.STREAM.INFO.dead-letters" };

	private static final Queue<String> handled = new ConcurrentLinkedQueue<>();

	private EmbeddedNatsServer server;

	private Connection admin;

	@BeforeEach
	void clear() {
		handled.clear();
	}

	@AfterEach
	void stop() throws Exception {
		this.admin.close();
		this.server.close();
	}

	@Test
	void aPublisherNeedsItsSubjectsOnly(CapturedOutput output) throws Exception {
		start("orders.>");
		declareAll();
		try (ConfigurableApplicationContext context = publisher()) {
			assertThat(context.getBean(JetStreamTemplate.class).publish("orders.new", "a").stream())
				.isEqualTo("orders");
		}
		assertThat(forbidden(output)).containsExactly("$JS.API.INFO");
		assertThat(output).contains("may not publish to '$JS.API.INFO'. Without that");
	}

	@Test
	void aWorkerInModeNoneNeedsItsConsumerOnly(CapturedOutput output) throws Exception {
		start(WORKER);
		declareAll();
		try (ConfigurableApplicationContext context = worker("jetstream.topology.mode=none")) {
			works(context);
		}
		assertThat(forbidden(output)).containsExactly("$JS.API.INFO", "$JS.API.STREAM.INFO.orders");
		assertThat(output).contains("may not publish to '$JS.API.STREAM.INFO.orders'. Without that");
	}

	@Test
	void aWorkerInModeValidateReadsItsStreams(CapturedOutput output) throws Exception {
		start(with(WORKER, READING));
		declareAll();
		try (ConfigurableApplicationContext context = worker("jetstream.topology.mode=validate")) {
			works(context);
		}
		assertThat(forbidden(output)).containsExactly("$JS.API.INFO");
	}

	@Test
	void aWorkerInModeUpdateNeedsNoMoreWhileNothingIsToBeWritten(CapturedOutput output) throws Exception {
		start(with(WORKER, READING));
		declareAll();
		try (ConfigurableApplicationContext context = worker("jetstream.topology.mode=update")) {
			works(context);
		}
		assertThat(forbidden(output)).containsExactly("$JS.API.INFO");
	}

	@Test
	void aWorkerThatDeclaresItsStreamsCreatesThem(CapturedOutput output) throws Exception {
		start(with(with(WORKER, READING), "$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.CREATE.orders",
				"$JS.API.STREAM.CREATE.dead-letters", "$JS.API.CONSUMER.CREATE.orders.order-worker",
				"$JS.API.CONSUMER.CREATE.orders.order-worker.>"));
		try (ConfigurableApplicationContext context = worker()) {
			works(context);
		}
		assertThat(forbidden(output)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theAgeOfTheOldestMessageNeedsTheRightToReadIt(boolean allowed, CapturedOutput output) throws Exception {
		start(allowed ? with(with(WORKER, READING), "$JS.API.STREAM.MSG.GET.orders") : with(WORKER, READING));
		declareAll();
		try (ConfigurableApplicationContext context = worker("jetstream.topology.mode=none",
				"jetstream.listeners.order-worker.auto-startup=false")) {
			this.admin.jetStream().publish("orders.new", "good".getBytes());
			Map<String, Object> all = Operations
				.of(context.getBean(JetStreamListeners.class), context, context.getEnvironment(), context)
				.all();
			assertThat(all).extractingByKey("connections")
				.extracting("default.streams.orders.consumers.order-worker")
				.asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
				.containsEntry("pending", 1L)
				.satisfies((consumer) -> assertThat(consumer.containsKey("oldestAge")).isEqualTo(allowed));
		}
		assertThat(forbidden(output)).isSubsetOf("$JS.API.INFO", "$JS.API.STREAM.MSG.GET.orders");
		assertThat(forbidden(output).contains("$JS.API.STREAM.MSG.GET.orders")).isNotEqualTo(allowed);
	}

	@Test
	void aPublisherWithAnInboxPrefixOfItsOwnHearsNobodyElse() throws Exception {
		startWithInboxes("_INBOX_orders.>", "orders.>");
		declareAll();
		try (ConfigurableApplicationContext context = TestApplication.run(List.of(OwnInboxes.class), this.server.url(),
				"jetstream.username=app", "jetstream.password=app", "jetstream.dead-letter.enabled=false")) {
			assertThat(context.getBean(JetStreamTemplate.class).publish("orders.new", "a").stream())
				.isEqualTo("orders");
		}
	}

	@Test
	void whoMayNotReadAStreamIsToldTheOneSubject(CapturedOutput output) throws Exception {
		start(with(WORKER, "$JS.API.STREAM.INFO.dead-letters"));
		declareAll();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> worker().close());
		assertThat(output).contains("may not publish to '$JS.API.STREAM.INFO.orders'").doesNotContain("$JS.API.>");
	}

	@Test
	void whenAcksAreForbiddenThenTheListenerRecoversAndSaysSoOnce(CapturedOutput output) throws Exception {
		start(Stream.of(WORKER).filter((subject) -> !subject.startsWith("$JS.ACK")).toArray(String[]::new));
		declareAll();
		try (ConfigurableApplicationContext context = worker("jetstream.topology.mode=none")) {
			this.admin.jetStream().publish("orders.new", "good".getBytes());
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			await().until(() -> listeners.state("order-worker") == ListenerState.RECOVERING);
			assertThat(listeners.status("order-worker").reason())
				.contains("may not publish to '$JS.ACK.orders.order-worker.>'");
			await().during(Duration.ofSeconds(3)).until(() -> handled.size() == 1);
			assertThat(output.toString().split("is recovering", -1)).hasSize(2);
		}
	}

	@Test
	@NeedsServer("2.11")
	void whenAPauseIsForbiddenThenItFailsAtOnceAndNamesTheRight() throws Exception {
		start(WORKER);
		declareAll();
		try (ConfigurableApplicationContext context = worker("jetstream.topology.mode=none")) {
			JetStreamListeners listeners = context.getBean(JetStreamListeners.class);
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> listeners.pause("order-worker", Duration.ofMinutes(1)))
				.withMessageContaining("may not publish to '$JS.API.CONSUMER.PAUSE.orders.order-worker'");
			assertThat(listeners.status("order-worker").reason()).isNull();
		}
	}

	@Test
	@NeedsServer("2.12")
	void whenStreamsMayNotBeListedThenWhatNeedsItFailsAtOnceAndNamesTheRight() throws Exception {
		start("orders.>");
		declareAll();
		try (ConfigurableApplicationContext context = publisher()) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			for (Runnable publish : List.<Runnable>of(
					() -> template.message("a").to("orders.unique").uniqueUntilDone("key").publish(),
					() -> template.message("a").to("orders.new").delay(Duration.ofHours(1)).publish(),
					() -> template.publishAll(
							List.of(template.message("a").to("orders.new"), template.message("b").to("orders.new"))))) {
				assertThatExceptionOfType(JetStreamException.class).isThrownBy(publish::run)
					.withMessageContaining("may not publish to '$JS.API.STREAM.LIST'");
			}
		}
	}

	@Test
	@NeedsServer("2.12")
	void aDelayedJobNeedsSchedulesAndNobodyReadsItsSubject(CapturedOutput output) throws Exception {
		start("orders.>", "$JS.API.STREAM.LIST", "$JS.API.STREAM.NAMES");
		declareAll();
		try (ConfigurableApplicationContext context = publisher()) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			assertThatExceptionOfType(PublishForbiddenException.class)
				.isThrownBy(() -> template.message("a").to("orders.new").id("d1").delay(Duration.ofHours(1)).publish())
				.withMessageContaining("'_schedules.orders.>'")
				.withMessageNotContaining("_schedules.orders.delayed");
		}
		assertThat(output).contains("_schedules.orders.>").doesNotContain("_schedules.orders.delayed");
	}

	@Test
	@NeedsServer("2.12")
	void whoDelaysAndMayNotCancelIsToldTheStreamsRight() throws Exception {
		start("orders.>", "_schedules.orders.>", "$JS.API.STREAM.LIST", "$JS.API.STREAM.NAMES");
		declareAll();
		try (ConfigurableApplicationContext context = publisher()) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.message("a").to("orders.new").id("d1").delay(Duration.ofHours(1)).publish();
			assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> template.cancel("d1"))
				.withMessageContaining("may not publish to '$JS.API.STREAM.PURGE.orders'");
		}
	}

	@Test
	@NeedsServer("2.12")
	void aPublisherOfDelayedAndUniqueJobsAndGroups(CapturedOutput output) throws Exception {
		start("orders.>", "_schedules.orders.>", "$JS.API.STREAM.LIST", "$JS.API.STREAM.NAMES",
				"$JS.API.STREAM.PURGE.orders");
		declareAll();
		try (ConfigurableApplicationContext context = publisher()) {
			JetStreamTemplate template = context.getBean(JetStreamTemplate.class);
			template.message("a").to("orders.new").id("d1").delay(Duration.ofHours(1)).publish();
			assertThat(template.cancel("d1")).isTrue();
			template.message("a").to("orders.unique").uniqueUntilDone("key").publish();
			template
				.publishAll(List.of(template.message("a").to("orders.new"), template.message("b").to("orders.new")));
		}
		assertThat(forbidden(output)).containsExactly("$JS.API.INFO");
	}

	private void works(ConfigurableApplicationContext context) throws Exception {
		this.admin.jetStream().publish("orders.new", "good".getBytes());
		this.admin.jetStream().publish("orders.new", "bad".getBytes());
		JetStreamManagement management = this.admin.jetStreamManagement();
		await().until(() -> management.getStreamInfo("orders").getStreamState().getMsgCount() == 0);
		await().until(() -> management.getStreamInfo("dead-letters").getStreamState().getMsgCount() == 1);
		assertThat(handled).containsExactlyInAnyOrder("good", "bad");
		assertThat(context.getBean(JetStreamListeners.class).state("order-worker")).isEqualTo(ListenerState.RUNNING);
	}

	private void start(String... rights) throws Exception {
		startWithInboxes("_INBOX.>", rights);
	}

	private void startWithInboxes(String inboxes, String... rights) throws Exception {
		this.server = EmbeddedNatsServer.builder()
			.config("""
					authorization { users: [
					  { user: admin, password: admin }
					  { user: app, password: app, permissions: {
					      publish: { allow: [ %s ] }, subscribe: { allow: "%s" } } }
					] }""".formatted(Arrays.stream(rights).map("\"%s\""::formatted).collect(Collectors.joining(", ")),
					inboxes))
			.start();
		this.admin = TestConnections
			.connect(TestConnections.options(this.server.url()).userInfo("admin", "admin").build());
	}

	/**
	 * Has an application that may do everything declare what the others use.
	 */
	private void declareAll() {
		run("admin").close();
		handled.clear();
	}

	private ConfigurableApplicationContext worker(String... properties) {
		return run("app", properties);
	}

	private ConfigurableApplicationContext publisher() {
		return TestApplication.run(this.server.url(), "jetstream.username=app", "jetstream.password=app",
				"jetstream.dead-letter.enabled=false", "jetstream.publisher.timeout=10m");
	}

	private ConfigurableApplicationContext run(String user, String... properties) {
		List<String> all = new ArrayList<>(List.of("jetstream.username=" + user, "jetstream.password=" + user,
				"jetstream.streams.orders.subjects=orders.>",
				"jetstream.streams.orders.consumers.order-worker.ack-wait=1s"));
		if (this.admin.getServerInfo().isSameOrNewerThanVersion("2.12.1")) {
			all.add("jetstream.streams.orders.allow-message-schedules=true");
			all.add("jetstream.streams.orders.allow-atomic-publish=true");
		}
		all.addAll(List.of(properties));
		return TestApplication.run(List.of(Worker.class), this.server.url(), all.toArray(String[]::new));
	}

	private static String[] with(String[] some, String... more) {
		return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
	}

	private static TreeSet<String> forbidden(CapturedOutput output) {
		return Pattern.compile("Permissions Violation for \\w+ to \"([^\"]+)\"|may not publish to '([^']+)'")
			.matcher(output)
			.results()
			.map((match) -> (match.group(1) != null) ? match.group(1) : match.group(2))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	static class Worker {

		@JetStreamListener("order-worker")
		void handle(String order) {
			handled.add(order);
			if (order.equals("bad")) {
				throw new DeadLetterException("never");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnInboxes {

		// tag::inboxes[]
		@Bean
		ConnectionOptionsCustomizer ownInboxes() {
			return (options) -> options.inboxPrefix("_INBOX_orders");
		}
		// end::inboxes[]

	}

}
