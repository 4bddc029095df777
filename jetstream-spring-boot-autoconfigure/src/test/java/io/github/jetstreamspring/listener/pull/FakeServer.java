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

package io.github.jetstreamspring.listener.pull;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.jetstreamspring.wire.GuardedConnections;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.support.Status;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

/**
 * A connection to a server that answers when the test says so.
 */
final class FakeServer {

	private static final Pattern BATCH = Pattern.compile("\"batch\":(\\d+)");

	final Connection connection = mock(Connection.class);

	final List<Request> requests = new ArrayList<>();

	private final Map<String, FakeInbox> inboxes = new HashMap<>();

	private boolean broken;

	FakeServer() {
		given(this.connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		given(this.connection.getOptions()).willReturn(GuardedConnections.guarded(new Options.Builder().build()));
		given(this.connection.getMaxPayload()).willReturn(1024L * 1024);
		given(this.connection.createInbox()).willAnswer((call) -> "_INBOX." + this.inboxes.size());
		given(this.connection.subscribe(anyString())).willAnswer((call) -> {
			String subject = call.getArgument(0, String.class).replace(".*.*", "");
			FakeInbox inbox = new FakeInbox();
			this.inboxes.put(subject, inbox);
			return inbox.subscription;
		});
		willAnswer((call) -> {
			if (this.broken) {
				throw new IllegalStateException("Unable to queue any more messages");
			}
			this.requests.add(new Request(call.getArgument(0), call.getArgument(1),
					new String(call.getArgument(2, byte[].class), StandardCharsets.UTF_8)));
			return null;
		}).given(this.connection).publish(anyString(), anyString(), any(byte[].class));
	}

	/**
	 * Takes no more requests.
	 */
	void breakDown() {
		this.broken = true;
	}

	Request lastRequest() {
		return this.requests.get(this.requests.size() - 1);
	}

	int asked() {
		return this.requests.stream().mapToInt(Request::batch).sum();
	}

	boolean isListening(Request request) {
		return inbox(request).open;
	}

	/**
	 * Sends a message for a request.
	 * @return the message
	 */
	Message deliver(Request request, Map<String, String> headers) {
		Message message = mock(Message.class);
		given(message.isStatusMessage()).willReturn(false);
		given(message.consumeByteCount()).willReturn(100L);
		Headers all = new Headers();
		headers.forEach(all::put);
		given(message.getHeaders()).willReturn(all);
		inbox(request).messages.add(message);
		return message;
	}

	Message deliver(Request request) {
		return deliver(request, Map.of());
	}

	/**
	 * Sends what becomes of a request.
	 * @param unfilled how many messages it has not brought, negative for a status that
	 * doesn't say so
	 */
	void answer(Request request, int code, String text, int unfilled) {
		Message message = mock(Message.class);
		given(message.isStatusMessage()).willReturn(true);
		given(message.getSubject()).willReturn(request.replyTo);
		given(message.getStatus()).willReturn(new Status(code, text));
		given(message.getHeaders())
			.willReturn((unfilled >= 0) ? new Headers().add("Nats-Pending-Messages", "" + unfilled) : null);
		inbox(request).messages.add(message);
	}

	/**
	 * Has the client do what it does when a subscription is closed while it is read.
	 */
	void trip(Request request) {
		given(inbox(request).subscription.getPendingMessageCount()).willThrow(new NullPointerException());
	}

	void heartbeat(Request request) {
		answer(request, 100, "Idle Heartbeat", -1);
	}

	private FakeInbox inbox(Request request) {
		return this.inboxes.get(request.replyTo.substring(0, request.replyTo.indexOf('.', "_INBOX.".length())));
	}

	/**
	 * A request for messages.
	 */
	record Request(String subject, String replyTo, String body) {

		int batch() {
			Matcher batch = BATCH.matcher(this.body);
			return batch.find() ? Integer.parseInt(batch.group(1)) : 0;
		}

	}

	private static final class FakeInbox {

		private final Queue<Message> messages = new ArrayDeque<>();

		private final Subscription subscription = mock(Subscription.class);

		private boolean open = true;

		FakeInbox() {
			try {
				given(this.subscription.nextMessage((Duration) any())).willAnswer((call) -> this.messages.poll());
				given(this.subscription.drain(any())).willAnswer((call) -> {
					this.open = false;
					return CompletableFuture.completedFuture(true);
				});
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			given(this.subscription.isActive()).willAnswer((call) -> this.open);
			given(this.subscription.getPendingMessageCount()).willAnswer((call) -> (long) this.messages.size());
			willAnswer((call) -> {
				this.open = false;
				return null;
			}).given(this.subscription).unsubscribe();
		}

	}

}
