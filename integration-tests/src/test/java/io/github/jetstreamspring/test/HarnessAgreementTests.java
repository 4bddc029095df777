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

package io.github.jetstreamspring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.google.protobuf.StringValue;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.MessageBuilder;
import io.github.jetstreamspring.test.AgreementWorkers.Card;
import io.github.jetstreamspring.test.AgreementWorkers.Cash;
import io.github.jetstreamspring.test.AgreementWorkers.Job;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.PurgeOptions;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One table of cases, of which the harness and a real server make the same.
 */
@EmbeddedNats
class HarnessAgreementTests {

	private static final String[] PROPERTIES = { "jetstream.streams.cases.subjects=cases.>",
			"jetstream.streams.out.subjects=out.>", "jetstream.streams.out.retention=limits",
			"jetstream.streams.cases.consumers.limited.max-deliver=3",
			"jetstream.streams.cases.consumers.bare.headers-only=true", "jetstream.listener.retry.max-attempts=5",
			"jetstream.listener.retry.jitter=0", "jetstream.listener.auto-startup=false",
			"jetstream.listener.batch.size=3", "jetstream.listener.batch.timeout=5s",
			"jetstream.listeners.limited.circuit-breaker.failure-rate=0.5", "jetstream.messaging.compress-above=1KB" };

	private static final List<String> LISTENERS = List.of("plain", "text", "bytes", "list", "elements", "number",
			"message", "headers", "replies", "answers", "async", "ordered", "limited", "batch", "bare", "hurried",
			"forgiven", "spelled", "proto", "payments", "once", "kinds", "verbs", "partial");

	private static final Set<String> BATCHES = Set.of("batch", "verbs", "partial");

	private static ConfigurableApplicationContext offline;

	private static ConfigurableApplicationContext online;

	static Stream<AgreementCase> cases() {
		Job bread = new Job("bread", 1);
		Stream<AgreementCase> handlers = Stream
			.of("nothing", "throw", "throw checked", "throw error", "throw what is not retried",
					"throw what is not retried as a cause", "retry exception", "retry exception with delay",
					"dead letter exception", "ack", "ack and throw", "retry", "retry later", "retry at once",
					"dead letter", "discard", "extend", "settle twice", "publish", "publish the same twice",
					"publish several", "publish with a bad header")
			.map(AgreementCase::handler);
		Stream<AgreementCase> attempts = Stream.of(2, 3, 5, 6, 10, 11)
			.map((attempt) -> AgreementCase.handler("throw").attempt(attempt));
		Stream<AgreementCase> others = Stream.of(AgreementCase.handler("retry").attempt(5),
				AgreementCase.handler("retry exception with delay").attempt(5),
				AgreementCase.handler("nothing").attempt(7), AgreementCase.handler("nothing").attempt(11),
				AgreementCase.of("broken JSON", "plain", "{\"name\": \"bre"),
				AgreementCase.of("other JSON", "plain", "[1, 2]"), AgreementCase.of("no payload", "plain", ""),
				AgreementCase.of("unknown fields", "plain", "{\"name\": \"bread\", \"count\": 1, \"other\": 2}"),
				AgreementCase.of("wrong type", "plain", "{\"name\": \"bread\", \"count\": \"many\"}"),
				AgreementCase.of("no number", "plain", "{\"name\": \"bread\"}"),
				AgreementCase.of("invalid", "plain", new Job("bread", 0)),
				AgreementCase.of("invalid", "plain", new Job("bread", -1)).attempt(3),
				AgreementCase.of("text", "text", "größer"), AgreementCase.of("no text", "text", ""),
				AgreementCase.of("bytes", "bytes", (Object) new byte[] { 0, 1, (byte) 0xFF }),
				AgreementCase.of("list", "list", List.of(bread, bread)),
				AgreementCase.of("elements", "elements", List.of(bread, bread)),
				AgreementCase.of("an invalid element", "elements", List.of(bread, new Job("bread", 0))),
				AgreementCase.of("a number", "number", "41"), AgreementCase.of("no number at all", "number", "many"),
				AgreementCase.of("list of others", "list", List.of("x")), AgreementCase.of("empty list", "list", "[]"),
				AgreementCase.of("message", "message", bread).header("tenant", "größer"),
				AgreementCase.of("headers", "headers", bread).header("count", "7").header("tenant", "acme"),
				AgreementCase.of("a header that is no number", "headers", bread)
					.header("count", "seven")
					.header("tenant", "acme"),
				AgreementCase.of("a missing header", "headers", bread).header("count", "7"),
				AgreementCase.of("a result", "replies", bread),
				AgreementCase.of("no result", "replies", new Job("x", 2)),
				AgreementCase.of("a result of what is discarded", "replies", bread).header("do", "discard"),
				AgreementCase.of("a result of what is acked", "replies", bread).header("do", "ack"),
				AgreementCase.of("a request", "answers", bread).header("Reply-To", "_INBOX.caller.1"),
				AgreementCase.of("a request that fails", "answers", new Job("x", 2))
					.header("Reply-To", "_INBOX.caller.1"),
				AgreementCase.of("a request of nobody", "answers", bread),
				AgreementCase.of("a request with a foreign address", "answers", bread)
					.header("Reply-To", "cases.plain"),
				AgreementCase.of("later", "async", bread), AgreementCase.of("failing later", "async", new Job("x", 2)),
				AgreementCase.of("a key", "ordered", bread), AgreementCase.of("no key", "ordered", new Job("x", 1)),
				AgreementCase.of("broken key", "ordered", "{"), AgreementCase.of("a limit", "limited", bread),
				AgreementCase.of("a limit", "limited", bread).attempt(3),
				AgreementCase.handler("throw").header("intercept", "swallow"),
				AgreementCase.handler("nothing").header("intercept", "throw"),
				AgreementCase.handler("throw").header("intercept", "discard"),
				AgreementCase.of("a broken one, intercepted", "plain", "{").header("intercept", "throw"),
				AgreementCase.of("forged history", "plain", bread).header("Retry-Attempts", "7").header("do", "throw"),
				AgreementCase.of("headers only", "bare", bread),
				AgreementCase.of("headers only, given up on", "bare", bread).header("do", "dead letter exception"),
				AgreementCase.of("a batch", "batch", bread, bread, bread),
				AgreementCase.of("a batch with a bad one", "batch", bread, new Job("bad", 1), bread),
				AgreementCase.of("a bad batch", "batch", bread, new Job("worse", 1), bread),
				AgreementCase.of("a bad batch", "batch", bread, new Job("worse", 1), bread).attempt(5),
				AgreementCase.of("a batch with a broken one", "batch", bread, "{", bread),
				AgreementCase.of("a broken batch", "batch", "{", "[", "}"));
		return Stream.of(handlers, attempts, others, kinds(bread), beans(bread), batches(bread))
			.flatMap((cases) -> cases);
	}

	private static Stream<AgreementCase> kinds(Job bread) {
		return Stream.of(AgreementCase.of("a job", "kinds", bread), AgreementCase.of("a card", "kinds", new Card("17")),
				AgreementCase.of("of no type", "kinds", "{}"),
				AgreementCase.of("of another type", "kinds", "{}").header("Message-Type", "refund"),
				AgreementCase.of("a broken one", "kinds", "{").header("Message-Type", "job"),
				AgreementCase.of("a card", "payments", new Card("17")),
				AgreementCase.of("cash", "payments", new Cash(3)),
				AgreementCase.of("no subject for its result", "payments", new Card("1 7")),
				AgreementCase.of("of no type", "payments", "{}"),
				AgreementCase.of("protobuf", "proto", StringValue.of("bread")),
				AgreementCase.of("no protobuf", "proto", "{"),
				AgreementCase.of("compressed", "plain", new Job("bread ".repeat(1000), 1)),
				AgreementCase.of("badly compressed", "plain", "{}").header("Content-Encoding", "gzip"),
				AgreementCase.of("unknown encoding", "plain", "{}").header("Content-Encoding", "br"));
	}

	private static Stream<AgreementCase> beans(Job bread) {
		Stream<AgreementCase> errors = Stream.of("ack", "discard", "retry", "give up", "fail", "nothing")
			.flatMap((decision) -> Stream.of(
					AgreementCase.of("failed, and then " + decision, "forgiven", bread)
						.header("do", "throw")
						.header("on-error", decision),
					AgreementCase.of("failed for good, and then " + decision, "forgiven", bread)
						.header("do", "throw what is not retried")
						.header("on-error", decision),
					AgreementCase.of("invalid, and then " + decision, "forgiven", new Job("x", 0))
						.header("on-error", decision)));
		Stream<AgreementCase> once = Stream
			.of("nothing", "throw", "dead letter exception", "retry", "dead letter", "discard")
			.map((what) -> AgreementCase.of("once, " + what, "once", bread).header("do", what));
		return Stream.of(errors, once,
				Stream.of(AgreementCase.of("its own converter", "spelled", "bread"),
						AgreementCase.of("too long", "hurried", new Job("x", 60_000)),
						AgreementCase.of("too long", "hurried", new Job("x", 60_000)).attempt(5),
						AgreementCase.of("just in time", "hurried", bread)))
			.flatMap((cases) -> cases);
	}

	private static Stream<AgreementCase> batches(Job bread) {
		return Stream.of(
				AgreementCase.of("verbs", "verbs", new Job("retry later", 1), new Job("discard", 1),
						new Job("dead letter", 1)),
				AgreementCase.of("verbs, and then a failure", "verbs", new Job("ack", 1), new Job("retry at once", 1),
						new Job("throw", 1)),
				AgreementCase.of("one that is never retried", "partial", bread, new Job("never", 1), bread),
				AgreementCase.of("one that is refused", "partial", bread, bread, new Job("refused", 1)),
				AgreementCase.of("one that is invalid", "partial", bread, new Job("x", 0), bread),
				AgreementCase.of("one that fails beside an invalid one", "partial", new Job("x", 0),
						new Job("refused", 1), bread));
	}

	@BeforeAll
	static void start(EmbeddedNatsServer server) throws Exception {
		offline = run(Offline.class, "jetstream.enabled=false");
		online = run(Online.class, "jetstream.servers=" + server.url());
	}

	private static ConfigurableApplicationContext run(Class<?> application, String property) {
		List<String> arguments = new ArrayList<>();
		Stream.of(PROPERTIES).forEach((argument) -> arguments.add("--" + argument));
		LISTENERS.forEach((listener) -> arguments
			.add("--jetstream.streams.cases.consumers.%s.filter-subjects=cases.%s".formatted(listener, listener)));
		arguments.add("--" + property);
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	@AfterAll
	static void stop() {
		offline.close();
		online.close();
	}

	@ParameterizedTest
	@MethodSource("cases")
	void harnessAndServerMakeTheSame(AgreementCase given) throws Exception {
		assertThat(onHarness(given)).isEqualTo(onServer(given));
	}

	private static Ending onHarness(AgreementCase given) {
		ListenerHarness harness = offline.getBean(ListenerHarness.class);
		harness.clear();
		List<HandledDelivery> handled;
		if (BATCHES.contains(given.listener())) {
			HarnessBatch batch = harness.deliverBatch(given.listener(), given.payloads()).attempt(given.attempt());
			given.headers().forEach(batch::header);
			handled = batch.send();
		}
		else {
			HarnessDelivery delivery = harness.deliver(given.listener(), given.payloads().get(0))
				.attempt(given.attempt());
			given.headers().forEach(delivery::header);
			handled = List.of(delivery.send());
		}
		return new Ending(handled.stream()
			.map((one) -> new One(one.settlement(), one.delay(), one.reason(), name(one.failure())))
			.toList(), harness.published().stream().map(HarnessAgreementTests::describe).sorted().toList());
	}

	private static Ending onServer(AgreementCase given) throws Exception {
		Settlements settlements = online.getBean(Settlements.class);
		settlements.clear();
		Connection connection = online.getBean(Connection.class);
		JetStreamManagement management = online.getBean(JetStreamManagement.class);
		for (String stream : management.getStreamNames()) {
			management.purgeStream(stream, PurgeOptions.builder().build());
		}
		List<Message> replies = new ArrayList<>();
		Map<Long, Duration> naks = new HashMap<>();
		Dispatcher dispatcher = connection.createDispatcher();
		dispatcher.subscribe("_INBOX.caller.*", (message) -> add(replies, message));
		List<Long> sequences = publish(given);
		deliverBefore(given, connection);
		dispatcher.subscribe("$JS.ACK.cases." + given.listener() + ".>", (message) -> note(naks, message));
		JetStreamListeners listeners = online.getBean(JetStreamListeners.class);
		listeners.start(given.listener());
		try {
			await().atMost(Duration.ofSeconds(20)).until(() -> settlements.has(sequences));
		}
		finally {
			listeners.stop(given.listener());
			connection.flush(Duration.ofSeconds(5));
			connection.closeDispatcher(dispatcher);
		}
		Map<Long, String> reasons = reasons(management);
		List<String> published = new ArrayList<>(stored(connection, management));
		synchronized (replies) {
			replies.forEach((reply) -> published.add(describe(reply)));
		}
		return new Ending(sequences.stream()
			.map((sequence) -> new One(settlements.of(sequence), naks(naks, sequence),
					// One that was given back at once may have come again
					(settlements.of(sequence) == Settlement.RETRIED) ? null : reasons.get(sequence),
					settlements.failure(sequence)))
			.toList(), published.stream().sorted().toList());
	}

	private static void add(List<Message> replies, Message message) {
		synchronized (replies) {
			replies.add(message);
		}
	}

	// -NAK {"delay": 1000000000}
	private static void note(Map<Long, Duration> naks, Message message) {
		String verb = new String(message.getData(), StandardCharsets.US_ASCII);
		if (verb.startsWith("-NAK")) {
			long sequence = Long.parseLong(message.getSubject().split("\\.")[5]);
			String digits = verb.replaceAll("\\D", "");
			synchronized (naks) {
				naks.putIfAbsent(sequence, digits.isEmpty() ? Duration.ZERO : Duration.ofNanos(Long.parseLong(digits)));
			}
		}
	}

	private static @Nullable Duration naks(Map<Long, Duration> naks, long sequence) {
		synchronized (naks) {
			return naks.get(sequence);
		}
	}

	private static List<Long> publish(AgreementCase given) throws Exception {
		List<Long> sequences = new ArrayList<>();
		for (Object payload : given.payloads()) {
			if (payload instanceof byte[] bytes) {
				Headers headers = new Headers();
				given.headers().forEach(headers::put);
				sequences.add(online.getBean(Connection.class)
					.jetStream()
					.publish(given.subject(), headers, bytes)
					.getSeqno());
			}
			else {
				MessageBuilder message = online.getBean(JetStreamTemplate.class).message(payload).to(given.subject());
				given.headers().forEach(message::header);
				sequences.add(message.publish().sequence());
			}
		}
		return sequences;
	}

	/**
	 * Has the server deliver the messages as often as it takes.
	 */
	private static void deliverBefore(AgreementCase given, Connection connection) throws Exception {
		if (given.attempt() == 1) {
			return;
		}
		JetStreamSubscription subscription = connection.jetStream()
			.subscribe(null, PullSubscribeOptions.bind("cases", given.listener()));
		for (int i = 1; i < given.attempt(); i++) {
			List<Message> messages = subscription.fetch(given.payloads().size(), Duration.ofSeconds(5));
			assertThat(messages).hasSameSizeAs(given.payloads());
			messages.forEach(Message::nak);
		}
		connection.flush(Duration.ofSeconds(5));
		subscription.unsubscribe();
	}

	private static Map<Long, String> reasons(JetStreamManagement management) throws Exception {
		Map<Long, String> reasons = new HashMap<>();
		for (long sequence = 1; sequence <= last(management, "dead-letters"); sequence++) {
			try {
				Headers headers = management.getMessage("dead-letters", sequence).getHeaders();
				reasons.put(Long.parseLong(headers.getFirst("Dead-Letter-Sequence")),
						headers.getFirst("Dead-Letter-Reason"));
			}
			catch (JetStreamApiException ex) {
				// Purged
			}
		}
		return reasons;
	}

	private static long last(JetStreamManagement management, String stream) throws Exception {
		return management.getStreamInfo(stream).getStreamState().getLastSequence();
	}

	private static List<String> stored(Connection connection, JetStreamManagement management) throws Exception {
		long count = management.getStreamInfo("out").getStreamState().getMsgCount();
		List<String> stored = new ArrayList<>();
		JetStreamSubscription subscription = connection.jetStream().subscribe("out.>");
		while (stored.size() < count) {
			stored.add(describe(subscription.nextMessage(Duration.ofSeconds(5))));
		}
		subscription.unsubscribe();
		return stored;
	}

	private static String describe(Message message) {
		return describe(PublishedMessage.of(message, () -> null));
	}

	private static String describe(PublishedMessage message) {
		Map<String, List<String>> headers = new TreeMap<>(message.headers());
		// Random, or as fixed as the test says
		headers.computeIfPresent("Nats-Msg-Id", (name, ids) -> ids.get(0).length() > 10 ? null : ids);
		return message.subject() + " " + headers + " " + new String(message.payload(), StandardCharsets.UTF_8);
	}

	private static @Nullable String name(@Nullable Throwable failure) {
		return (failure != null) ? failure.toString() : null;
	}

	/**
	 * What becomes of a message.
	 */
	record One(@Nullable Settlement settlement, @Nullable Duration delay, @Nullable String reason,
			@Nullable String failure) {
	}

	/**
	 * What becomes of all messages of a case.
	 */
	record Ending(List<One> messages, List<String> published) {
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigureJetStream
	static class Offline extends AgreementWorkers {

		Offline(JetStreamTemplate template) {
			super(template);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Online extends AgreementWorkers {

		Online(JetStreamTemplate template) {
			super(template);
		}

		@Bean
		static Settlements settlements() {
			return new Settlements();
		}

	}

	/**
	 * Notes how deliveries end for the first time.
	 */
	@Order(Ordered.HIGHEST_PRECEDENCE)
	static class Settlements implements DeliveryInterceptor {

		private final Map<Long, Settlement> settlements = new HashMap<>();

		private final Map<Long, String> failures = new HashMap<>();

		@Override
		public synchronized void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
			if (this.settlements.putIfAbsent(delivery.streamSequence(), settlement) == null && failure != null) {
				this.failures.put(delivery.streamSequence(), failure.toString());
			}
		}

		synchronized void clear() {
			this.settlements.clear();
			this.failures.clear();
		}

		synchronized boolean has(List<Long> sequences) {
			return this.settlements.keySet().containsAll(sequences);
		}

		synchronized @Nullable Settlement of(long sequence) {
			return this.settlements.get(sequence);
		}

		synchronized @Nullable String failure(long sequence) {
			return this.failures.get(sequence);
		}

	}

}
