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

package io.github.jetstreamspring.listener;

import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.Consumer;

import io.github.jetstreamspring.listener.ConsumerUnavailableException.Kind;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.ArgumentCaptor;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.ExceptionTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link ConsumerFinder}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConsumerFinderTests {

	private static final ZonedDateTime BEFORE = ZonedDateTime.parse("2026-01-31T12:00:00Z");

	private final Connection connection = mock(Connection.class);

	private final JetStreamManagement management = mock(JetStreamManagement.class);

	private final ConsumerRecovery recovery = mock(ConsumerRecovery.class);

	private final ConnectionRepair repair = mock(ConnectionRepair.class);

	private final FoundStreams streams = new FoundStreams(this.connection);

	private final JetStreamApiException notFound = failure(404, 10014, "consumer not found");

	@BeforeEach
	void connect() throws Exception {
		given(this.connection.getServerInfo())
			.willReturn(new ServerInfo("INFO {\"server_id\":\"test\",\"version\":\"2.15.1\"}"));
		given(this.connection.jetStreamManagement(any())).willReturn(this.management);
		given(this.connection.jetStreamManagement()).willReturn(this.management);
		given(this.recovery.filterSubjects("orders", "worker")).willReturn(null);
		streamCreated(BEFORE, Duration.ZERO);
	}

	@Test
	void whenTheConsumerIsThereThenItIsFound() throws Exception {
		ConsumerInfo info = exists(BEFORE);
		assertThat(finder().find()).usingRecursiveComparison()
			.ignoringFields("askedNanos")
			.isEqualTo(FoundConsumer.of(info, false, 0));
		then(this.recovery).should(never()).recover(any(), any());
	}

	@Test
	void whenTheConsumerIsGoneThenItIsDeclaredAgain() throws Exception {
		ConsumerInfo info = consumer(BEFORE, (configuration) -> {
		});
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(this.notFound).willReturn(info);
		assertThat(finder().find()).usingRecursiveComparison()
			.ignoringFields("askedNanos")
			.isEqualTo(FoundConsumer.of(info, false, 0));
		then(this.recovery).should().recover("orders", "worker");
	}

	@Test
	void whenNobodyDeclaresTheConsumerThenItIsMissingAndWhatToDoIsSaid() throws Exception {
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(this.notFound);
		assertThat(unavailable(Kind.MISSING)).startsWith("consumer 'worker' of stream 'orders' can't be used:")
			.contains("consumer not found", "jetstream.topology.mode update or create");
	}

	@Test
	void whenTheConsumerCantBeDeclaredAgainThenItIsMissingAndTheReasonIsSaid() throws Exception {
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(this.notFound);
		willThrow(new NoClassDefFoundError("of a customizer")).given(this.recovery).recover("orders", "worker");
		assertThat(unavailable(Kind.MISSING)).contains("it is gone and can't be declared again: of a customizer");
	}

	@Test
	void whenDeclaringIsInterruptedThenTheThreadStaysInterrupted() throws Exception {
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(this.notFound);
		willThrow(new InterruptedException()).given(this.recovery).recover("orders", "worker");
		assertThat(unavailable(Kind.MISSING)).endsWith("interrupted");
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void whenTheServerRefusesToTellThenItIsAskedAgainLater() throws Exception {
		JetStreamApiException unavailable = failure(503, 10008, "JetStream system temporarily unavailable");
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(unavailable);
		assertThat(unavailable(Kind.UNREACHABLE)).contains("temporarily unavailable");
		then(this.recovery).should(never()).recover(any(), any());
	}

	@Test
	void whenTheServerDoesntAnswerThenItIsGivenMoreTimeAndAtLastTheConnectionIsLookedAt() throws Exception {
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(new IOException("Timeout"));
		ConsumerFinder finder = finder();
		assertThatExceptionOfType(ConsumerUnavailableException.class).isThrownBy(finder::findPatiently)
			.withMessageContaining("the server doesn't answer");
		ArgumentCaptor<JetStreamOptions> patience = ArgumentCaptor.forClass(JetStreamOptions.class);
		then(this.connection).should(times(3)).jetStreamManagement(patience.capture());
		assertThat(patience.getAllValues()).extracting(JetStreamOptions::getRequestTimeout)
			.containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
		then(this.repair).should(times(1)).notAnswered("orders", "worker");
	}

	@Test
	void whenTheServerAnswersInTheEndThenNothingIsRepaired() throws Exception {
		ConsumerInfo info = consumer(BEFORE, (configuration) -> {
		});
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(new IOException("Timeout"))
			.willThrow(new IOException("Timeout"))
			.willReturn(info);
		assertThat(finder().findPatiently()).usingRecursiveComparison()
			.ignoringFields("askedNanos")
			.isEqualTo(FoundConsumer.of(info, false, 0));
		then(this.repair).should(never()).notAnswered(any(), any());
	}

	@Test
	void whenThePermissionIsMissingThenItIsNamed() throws Exception {
		given(this.connection.getLastError()).willReturn(null, null,
				"Permissions Violation for Publish to \"$JS.API.CONSUMER.INFO.orders.worker\"");
		given(this.management.getConsumerInfo("orders", "worker")).willThrow(new IOException("Timeout"));
		assertThat(unavailable(Kind.UNREACHABLE))
			.contains("may not publish to '$JS.API.CONSUMER.INFO.orders.worker'. Allow it");
	}

	@Test
	void whenNoListenerCanUseTheConsumerThenThatIsSaid() throws Exception {
		ConsumerInfo info = consumer(BEFORE, (configuration) -> configuration.ackPolicy(AckPolicy.None));
		given(this.management.getConsumerInfo("orders", "worker")).willReturn(info);
		assertThat(unavailable(Kind.UNUSABLE)).contains("its ack policy is 'none'");
	}

	@Test
	void whenTheConsumerIsMadeAnewInTheSameStreamThenTheStreamIsNotReplaced() throws Exception {
		ConsumerFinder finder = finder();
		exists(BEFORE);
		assertThat(finder.find().streamReplaced()).isFalse();
		exists(BEFORE.plusDays(1));
		assertThat(finder.find().streamReplaced()).isFalse();
	}

	@Test
	void whenTheStreamIsMadeAnewThenItIsReplacedOnce() throws Exception {
		ConsumerFinder finder = finder();
		exists(BEFORE);
		finder.find();
		exists(BEFORE.plusDays(1));
		streamCreated(BEFORE.plusDays(1), Duration.ZERO);
		assertThat(finder.find().streamReplaced()).isTrue();
		assertThat(finder.find().streamReplaced()).isFalse();
	}

	@Test
	void whenTheStreamMayNotBeReadThenAnotherConsumerMeansAnotherStream() throws Exception {
		given(this.management.getStreamInfo("orders")).willThrow(new IOException("Timeout"));
		ConsumerFinder finder = finder();
		exists(BEFORE);
		assertThat(finder.find().streamReplaced()).isFalse();
		exists(BEFORE.plusDays(1));
		assertThat(finder.find().streamReplaced()).isTrue();
	}

	@Test
	void whenSettingsDontGoTogetherThenTheLogWarns(CapturedOutput output) throws Exception {
		exists(BEFORE);
		streamCreated(BEFORE, Duration.ofMinutes(5));
		ConsumerFinder finder = finder();
		finder.warn(finder.find());
		assertThat(output).contains("Listener 'worker': the delays of its 10 attempts take 8.5 min");
	}

	private ConsumerFinder finder() {
		ListenerEnvironment environment = mock(ListenerEnvironment.class);
		given(environment.connection()).willReturn(this.connection);
		given(environment.recovery()).willReturn(this.recovery);
		given(environment.repair()).willReturn(this.repair);
		given(environment.streams()).willReturn(this.streams);
		return new ConsumerFinder(
				ListenerDefinition.of("worker", "orders", "worker", ListenerOptions.NONE,
						new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> null),
				environment);
	}

	private String unavailable(Kind kind) {
		ConsumerFinder finder = finder();
		ConsumerUnavailableException[] caught = new ConsumerUnavailableException[1];
		assertThatExceptionOfType(ConsumerUnavailableException.class).isThrownBy(finder::find)
			.satisfies((failure) -> caught[0] = failure);
		assertThat(caught[0].kind()).isEqualTo(kind);
		return caught[0].reason();
	}

	private ConsumerInfo exists(ZonedDateTime created) throws Exception {
		ConsumerInfo info = consumer(created, (configuration) -> {
		});
		given(this.management.getConsumerInfo("orders", "worker")).willReturn(info);
		return info;
	}

	private static ConsumerInfo consumer(ZonedDateTime created, Consumer<ConsumerConfiguration.Builder> settings) {
		ConsumerConfiguration.Builder configuration = ConsumerConfiguration.builder()
			.durable("worker")
			.ackPolicy(AckPolicy.Explicit)
			.ackWait(Duration.ofSeconds(30));
		settings.accept(configuration);
		ConsumerInfo info = mock(ConsumerInfo.class);
		given(info.getConsumerConfiguration()).willReturn(configuration.build());
		given(info.getCreationTime()).willReturn(created);
		return info;
	}

	private void streamCreated(ZonedDateTime created, Duration maxAge) throws Exception {
		StreamInfo info = mock(StreamInfo.class);
		given(info.getCreateTime()).willReturn(created);
		given(info.getConfiguration()).willReturn(StreamConfiguration.builder().name("orders").maxAge(maxAge).build());
		given(this.management.getStreamInfo("orders")).willReturn(info);
	}

	private static JetStreamApiException failure(int status, int code, String text) {
		JetStreamApiException failure = mock(JetStreamApiException.class);
		given(failure.getErrorCode()).willReturn(status);
		given(failure.getApiErrorCode()).willReturn(code);
		given(failure.getMessage()).willReturn(text + " [" + code + "]");
		return failure;
	}

}
