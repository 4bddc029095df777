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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Statistics;
import io.nats.client.Subscription;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.nats.client.support.Status;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * A connection whose server is the test: it takes down what is published, and answers as
 * it is told, on a thread of its own as the client does.
 */
final class FakeServer implements AutoCloseable {

	private final Connection connection = mock(Connection.class, withSettings().stubOnly());

	private final ExecutorService answers = Executors.newSingleThreadExecutor();

	private final List<Message> published = new CopyOnWriteArrayList<>();

	private final Map<String, MessageHandler> handlers = new ConcurrentHashMap<>();

	private final Map<String, BlockingQueue<Message>> queues = new ConcurrentHashMap<>();

	private final AtomicInteger inboxes = new AtomicInteger();

	private final AtomicLong sequences = new AtomicLong();

	private volatile Function<Message, Message> behaviour = (message) -> null;

	private volatile Function<String, String> api = (subject) -> null;

	private volatile Predicate<String> lost = (subject) -> false;

	private volatile String report = "";

	private volatile Connection.Status status = Connection.Status.CONNECTED;

	FakeServer() {
		this("2.15.1");
	}

	FakeServer(String version) {
		given(this.connection.createInbox()).willAnswer((call) -> "_INBOX." + this.inboxes.incrementAndGet());
		given(this.connection.getStatus()).willAnswer((call) -> this.status);
		given(this.connection.getStatistics()).willReturn(mock(Statistics.class));
		given(this.connection.getMaxPayload()).willReturn(1024L * 1024);
		given(this.connection.getServerInfo())
			.willReturn(new ServerInfo("INFO {\"server_id\":\"test\",\"version\":\"%s\"}".formatted(version)));
		given(this.connection.createDispatcher()).willAnswer((call) -> dispatcher());
		given(this.connection.subscribe(anyString())).willAnswer((call) -> subscription(call.getArgument(0)));
		given(this.connection.requestWithTimeout(anyString(), any(byte[].class), any(Duration.class)))
			.willAnswer((call) -> this.lost.test(call.getArgument(0)) ? new CompletableFuture<>()
					: CompletableFuture.completedFuture(ask(call.getArgument(0))));
		given(this.connection.getLastError()).willAnswer((call) -> this.report);
		try {
			given(this.connection.request(anyString(), any(byte[].class), any(Duration.class)))
				.willAnswer((call) -> ask(call.getArgument(0)));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		willAnswer((call) -> {
			publish(call.getArgument(0), call.getArgument(1), call.getArgument(2), call.getArgument(3));
			return null;
		}).given(this.connection).publish(anyString(), anyString(), any(Headers.class), any());
	}

	private Dispatcher dispatcher() {
		Dispatcher dispatcher = mock(Dispatcher.class, withSettings().stubOnly());
		given(dispatcher.isActive()).willReturn(true);
		given(dispatcher.subscribe(anyString(), any(MessageHandler.class))).willAnswer((call) -> {
			this.handlers.put(prefix(call.getArgument(0)), call.getArgument(1));
			return null;
		});
		return dispatcher;
	}

	private Subscription subscription(String subject) throws InterruptedException {
		BlockingQueue<Message> queue = new LinkedBlockingQueue<>();
		this.queues.put(prefix(subject), queue);
		Subscription subscription = mock(Subscription.class, withSettings().stubOnly());
		given(subscription.nextMessage(any(Duration.class)))
			.willAnswer((call) -> queue.poll(((Duration) call.getArgument(0)).toNanos(), TimeUnit.NANOSECONDS));
		return subscription;
	}

	private static String prefix(String subject) {
		return subject.substring(0, subject.lastIndexOf('.'));
	}

	private void publish(String subject, String reply, Headers headers, byte[] data) {
		if (this.status == Connection.Status.CLOSED) {
			throw new IllegalStateException("Connection is Closed");
		}
		Message message = new NatsMessage(subject, reply, headers, data);
		this.published.add(message);
		Message answer = this.behaviour.apply(message);
		if (answer != null) {
			answer(message, answer);
		}
	}

	private Message ask(String subject) {
		String answer = this.api.apply(subject);
		return (answer != null) ? json(answer) : null;
	}

	Connection connection() {
		return this.connection;
	}

	/**
	 * Returns what was published until now.
	 */
	List<Message> published() {
		return this.published;
	}

	/**
	 * Sets what is answered to each message, {@code null} for nothing.
	 */
	FakeServer answering(Function<Message, Message> behaviour) {
		this.behaviour = behaviour;
		return this;
	}

	/**
	 * Sets what is answered to requests to the JetStream API, by their subjects.
	 */
	FakeServer answeringRequests(Function<String, String> api) {
		this.api = api;
		return this;
	}

	/**
	 * Sets which requests to the JetStream API nobody ever answers, by their subjects.
	 */
	FakeServer losingRequests(Predicate<String> lost) {
		this.lost = lost;
		return this;
	}

	/**
	 * Reports an error to the connection.
	 */
	void reports(String error) {
		this.report = error;
	}

	/**
	 * Has a stream that stores what is published.
	 */
	FakeServer storing() {
		return answering((message) -> stored(this.sequences.incrementAndGet()));
	}

	/**
	 * Has a stream that is found by all subjects.
	 */
	FakeServer with(StreamConfiguration stream) throws IOException, JetStreamApiException {
		StreamInfo info = mock(StreamInfo.class);
		given(info.getConfiguration()).willReturn(stream);
		JetStreamManagement management = mock(JetStreamManagement.class);
		given(management.getStreams(anyString())).willReturn(List.of(info));
		given(this.connection.jetStreamManagement()).willReturn(management);
		return this;
	}

	void status(Connection.Status status) {
		this.status = status;
	}

	/**
	 * Answers a message now.
	 */
	void answer(Message message, Message answer) {
		String reply = message.getReplyTo();
		((Answer) answer).to(reply);
		BlockingQueue<Message> queue = this.queues.get(prefix(reply));
		if (queue != null) {
			queue.add(answer);
			return;
		}
		MessageHandler handler = this.handlers.get(prefix(reply));
		this.answers.execute(() -> {
			try {
				handler.onMessage(answer);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

	static Message stored(long sequence) {
		return json("{\"stream\":\"orders\",\"seq\":%d}".formatted(sequence));
	}

	static Message duplicate(long sequence) {
		return json("{\"stream\":\"orders\",\"seq\":%d,\"duplicate\": true}".formatted(sequence));
	}

	static Message refused(int status, int code, String text) {
		return json("{\"error\":{\"code\":%d,\"err_code\":%d,\"description\":\"%s\"},\"stream\":\"orders\",\"seq\":0}"
			.formatted(status, code, text));
	}

	static Message json(String text) {
		return new Answer(text.getBytes(StandardCharsets.UTF_8), null);
	}

	static Message noResponders() {
		return new Answer(new byte[0], new Status(503, "No Responders Available For Request"));
	}

	@Override
	public void close() {
		this.answers.shutdownNow();
	}

	/**
	 * What comes back on the reply subject of a message.
	 */
	private static final class Answer extends NatsMessage {

		private final Status status;

		Answer(byte[] data, Status status) {
			super(data);
			this.status = status;
		}

		void to(String subject) {
			this.subject = subject;
		}

		@Override
		public boolean isStatusMessage() {
			return this.status != null;
		}

		@Override
		public Status getStatus() {
			return this.status;
		}

	}

}
