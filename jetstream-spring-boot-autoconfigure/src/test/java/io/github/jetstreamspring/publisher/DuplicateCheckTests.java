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

package io.github.jetstreamspring.publisher;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.nats.client.Connection;
import io.nats.client.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link DuplicateCheck}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DuplicateCheckTests {

	private static final PublisherOptions OPTIONS = new PublisherOptions(Duration.ofSeconds(5), 10);

	private static final String UNAVAILABLE = "{\"error\":{\"code\":503,\"err_code\":10008,\"description\":\"JetStream system temporarily unavailable\"}}";

	private static final String TOO_MANY_REQUESTS = "{\"error\":{\"code\":429,\"err_code\":10167,\"description\":\"too many requests\"}}";

	private final List<String> questions = new CopyOnWriteArrayList<>();

	private final FakeServer server = new FakeServer();

	private final Sender sender = new Sender(this.server.connection(),
			new MissingStreams(this.server.connection(), () -> true), OPTIONS, (subject, time, result, failure) -> {
			});

	@AfterEach
	void close() {
		this.sender.close();
		this.server.close();
	}

	@Test
	void whenTheMessageIsNewThenTheServerIsNotAsked() throws Exception {
		this.server.answering((message) -> FakeServer.stored(17));
		assertThat(send()).isEqualTo(new PublishResult("orders", 17, false));
		assertThat(this.questions).isEmpty();
	}

	@Test
	void whenTheStreamHasThisMessageThenItIsADuplicate() throws Exception {
		hasStored("o-1", "payload");
		assertThat(send()).isEqualTo(new PublishResult("orders", 5, true));
		assertThat(this.questions).containsExactly("$JS.API.STREAM.MSG.GET.orders");
		assertThat(this.server.published()).hasSize(1);
	}

	@Test
	void whenAnotherMessageHasTheIdThenThisOneIsStoredUnderAnotherId() throws Exception {
		hasStored("o-1", "of somebody else");
		assertThat(send()).isEqualTo(new PublishResult("orders", 6, false));
		assertThat(ids()).hasSize(2).startsWith("o-1").doesNotHaveDuplicates().doesNotContainNull();
		assertThat(this.server.published().get(1).getHeaders().getFirst("tenant")).isEqualTo("acme");
	}

	@Test
	void whenTheStreamHasAnotherMessageThereThenThisOneIsStoredUnderAnotherId() throws Exception {
		hasStored("o-2", "payload");
		assertThat(send()).isEqualTo(new PublishResult("orders", 6, false));
	}

	@Test
	void whenTheMessageWithTheIdIsGoneThenThisOneIsStoredUnderAnotherId() throws Exception {
		has("{\"error\":{\"code\":404,\"err_code\":10037,\"description\":\"no message found\"}}");
		assertThat(send()).isEqualTo(new PublishResult("orders", 6, false));
	}

	@Test
	void whenReadingIsForbiddenThenThisOneIsStoredOnceMoreAndSomebodyIsTold(CapturedOutput output) throws Exception {
		has(UNAVAILABLE);
		this.server.losingRequests((subject) -> {
			this.server.reports("Permissions Violation for Publish to \"%s\"".formatted(subject));
			return true;
		});
		assertThat(send()).isEqualTo(new PublishResult("orders", 6, false));
		assertThat(output).contains("A message to subject 'orders.created' is stored once more",
				"may not publish to '$JS.API.STREAM.MSG.GET.orders'");
	}

	@Test
	void whenTheServerNeverSaysWhatItHasThenThisOneIsStoredOnceMoreAndSomebodyIsTold(CapturedOutput output)
			throws Exception {
		has("{\"error\":{\"code\":400,\"err_code\":10003,\"description\":\"bad request\"}}");
		assertThat(send()).isEqualTo(new PublishResult("orders", 6, false));
		assertThat(this.questions).hasSize(1);
		assertThat(output).contains("A message to subject 'orders.created' is stored once more", "bad request");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { UNAVAILABLE, TOO_MANY_REQUESTS })
	void whenTheServerCantSayInThisMomentThenItIsAskedAgain(String answer) throws Exception {
		String message = stored("o-1", "payload");
		has(() -> (this.questions.size() <= 3) ? answer : message);
		assertThat(send()).isEqualTo(new PublishResult("orders", 5, true));
		assertThat(this.questions).hasSize(4);
		assertThat(this.server.published()).hasSize(1);
	}

	@Test
	void whenAQuestionIsLostThenItIsAskedAgain() throws Exception {
		hasStored("o-1", "payload");
		AtomicBoolean first = new AtomicBoolean(true);
		this.server.losingRequests((subject) -> first.getAndSet(false));
		assertThat(send()).isEqualTo(new PublishResult("orders", 5, true));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { UNAVAILABLE, TOO_MANY_REQUESTS })
	void whenTheServerCantSayForLongThenItIsNotStoredUnderAnotherId(String answer) {
		has(answer);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> send(Duration.ofMillis(300)))
			.havingCause()
			.isInstanceOf(PublishTimeoutException.class)
			.withMessageContaining("It can't be told whether stream 'orders' has message 'o-1'")
			.withMessageContaining("Publish it again with the same id")
			.satisfies((ex) -> assertThat(((PublishTimeoutException) ex).getMessageId()).isEqualTo("o-1"));
		assertThat(this.questions).hasSizeGreaterThan(1);
		assertThat(ids()).containsExactly("o-1");
	}

	@Test
	void whenTheConnectionIsLostThenItIsAskedWhenItIsBack() throws Exception {
		hasStored("o-1", "payload");
		this.server.answering((message) -> {
			this.server.status(Connection.Status.RECONNECTING);
			return FakeServer.duplicate(5);
		});
		CompletableFuture<PublishResult> future = start(OPTIONS.timeout());
		await().during(Duration.ofMillis(200)).until(() -> !future.isDone() && this.questions.isEmpty());
		this.server.status(Connection.Status.CONNECTED);
		assertThat(future.get(10, TimeUnit.SECONDS)).isEqualTo(new PublishResult("orders", 5, true));
	}

	@Test
	void whenTheConnectionIsClosedThenItFailsAtOnce() {
		this.server.answering((message) -> {
			this.server.status(Connection.Status.CLOSED);
			return FakeServer.duplicate(5);
		});
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> send(Duration.ofHours(1)))
			.withCauseInstanceOf(PublishTimeoutException.class);
		assertThat(ids()).containsExactly("o-1");
	}

	@Test
	void whenThePublisherIsClosedThenNobodyIsAskedAnyMore() throws Exception {
		has(UNAVAILABLE);
		CompletableFuture<PublishResult> future = start(Duration.ofHours(1));
		await().until(() -> !this.questions.isEmpty());
		this.sender.close();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> future.get(10, TimeUnit.SECONDS))
			.withCauseInstanceOf(PublishTimeoutException.class);
	}

	@Test
	void whenTheMessageWasSentTwiceAndNobodySaysWhatIsThereThenItWasProbablyThisOne() throws Exception {
		this.server.answering((message) -> (this.server.published().size() == 1)
				? FakeServer.refused(503, 10008, "JetStream system temporarily unavailable") : FakeServer.duplicate(5));
		this.server.answeringRequests((subject) -> UNAVAILABLE);
		assertThat(send(Duration.ofMillis(300))).isEqualTo(new PublishResult("orders", 5, true));
	}

	@Test
	void whenTheMessageWasSentTwiceThenTheOneThatIsGoneWasProbablyThisOne() throws Exception {
		this.server.answering((message) -> (this.server.published().size() == 1)
				? FakeServer.refused(503, 10008, "JetStream system temporarily unavailable") : FakeServer.duplicate(5));
		this.server.answeringRequests(
				(subject) -> "{\"error\":{\"code\":404,\"err_code\":10037,\"description\":\"no message found\"}}");
		assertThat(send()).isEqualTo(new PublishResult("orders", 5, true));
	}

	private PublishResult send() throws Exception {
		return send(OPTIONS.timeout());
	}

	private PublishResult send(Duration patience) throws Exception {
		return start(patience).get(10, TimeUnit.SECONDS);
	}

	private CompletableFuture<PublishResult> start(Duration patience) {
		HeaderFields headers = new HeaderFields().put(PublishHeaders.MESSAGE_ID, "o-1").put("tenant", "acme");
		return new DuplicateCheck(this.server.connection(), this.sender, patience)
			.send(IdentifiedMessage.of("orders.created", headers, "payload".getBytes(StandardCharsets.UTF_8)));
	}

	private void hasStored(String id, String payload) {
		String message = stored(id, payload);
		has(() -> message);
	}

	private static String stored(String id, String payload) {
		String headers = "NATS/1.0\r\nNats-Msg-Id: %s\r\n\r\n".formatted(id);
		return "{\"message\":{\"subject\":\"orders.created\",\"seq\":5,\"hdrs\":\"%s\",\"data\":\"%s\",\"time\":\"2026-01-31T12:00:00Z\"}}"
			.formatted(base64(headers), base64(payload));
	}

	private void has(String answer) {
		has(() -> answer);
	}

	private void has(Supplier<String> answer) {
		this.server.answering((message) -> ids().get(ids().size() - 1).equals("o-1") ? FakeServer.duplicate(5)
				: FakeServer.stored(6));
		this.server.answeringRequests((subject) -> {
			this.questions.add(subject);
			return answer.get();
		});
	}

	private List<String> ids() {
		return this.server.published().stream().map(DuplicateCheckTests::id).toList();
	}

	private static String id(Message message) {
		return message.getHeaders().getFirst(PublishHeaders.MESSAGE_ID);
	}

	private static String base64(String text) {
		return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
