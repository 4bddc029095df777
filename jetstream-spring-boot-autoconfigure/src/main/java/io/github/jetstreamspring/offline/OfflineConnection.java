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

package io.github.jetstreamspring.offline;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Options;
import io.nats.client.Statistics;
import io.nats.client.Subscription;
import io.nats.client.api.ServerInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * A connection that leads to no server: something else takes what is published, and
 * answers it. Everything that is made with a connection can be made with it; what needs a
 * server is refused when it is called.
 *
 * @since 0.1.0
 */
public final class OfflineConnection implements InvocationHandler {

	private static final String INBOX = "_INBOX.offline";

	private final OfflineServer server;

	private final Map<String, MessageHandler> inboxes = new ConcurrentHashMap<>();

	private final Map<String, BlockingQueue<Message>> queues = new ConcurrentHashMap<>();

	private final AtomicInteger created = new AtomicInteger();

	private final Answers answers = new Answers();

	private OfflineConnection(OfflineServer server) {
		this.server = server;
	}

	/**
	 * Returns a connection to what stands in for a server.
	 * @param server takes and answers what is published
	 * @return the connection, which ends its thread when it is closed
	 */
	public static Connection to(OfflineServer server) {
		return proxy(Connection.class, new OfflineConnection(server));
	}

	/**
	 * Returns a connection that refuses everything.
	 * @param refusals make the exception, of the method of the client that was called
	 * @return the connection
	 */
	public static Connection refusing(Function<String, ? extends RuntimeException> refusals) {
		return to(new RefusingServer(refusals));
	}

	/**
	 * Returns whether answers to a subject would come to a connection of this kind.
	 * @param subject the subject
	 * @return whether it is an inbox of one
	 */
	public static boolean isInbox(String subject) {
		return subject.startsWith(INBOX);
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
		Object[] values = (arguments != null) ? arguments : new Object[0];
		return switch (method.getName()) {
			case "equals" -> proxy == values[0];
			case "hashCode" -> System.identityHashCode(this);
			case "toString" -> "a connection to no server";
			case "publish" -> publish(message(values));
			case "request", "requestWithTimeout" -> request(method, values);
			case "subscribe" -> subscribe(method, values);
			case "createInbox" -> INBOX + this.created.incrementAndGet();
			case "createDispatcher" -> proxy(Dispatcher.class, this::dispatcher);
			case "jetStreamManagement" -> proxy(JetStreamManagement.class, this::management);
			case "getStatus" -> this.server.status();
			case "getMaxPayload" -> this.server.maxPayload();
			case "getOptions" -> Options.builder().build();
			case "getServerInfo" -> NewestServer.INFO;
			case "getStatistics" -> proxy(Statistics.class, (object, call, ignored) -> zero(call));
			case "getServers" -> List.of();
			case "drain" -> CompletableFuture.completedFuture(true);
			case "close" -> {
				this.answers.close();
				yield null;
			}
			case "closeDispatcher", "flush", "flushBuffer", "addConnectionListener", "removeConnectionListener",
					"clearLastError", "getLastError", "getConnectedUrl", "getClientInetAddress" ->
				null;
			case "outgoingPendingMessageCount", "outgoingPendingBytes" -> 0L;
			default -> throw this.server.refusal(method.getName());
		};
	}

	private @Nullable Object publish(Message message) {
		byte[] answer = this.server.take(message);
		String reply = message.getReplyTo();
		if (answer != null && reply != null) {
			Message given = new NatsMessage(reply, null, answer);
			MessageHandler inbox = this.inboxes.get(prefix(reply));
			BlockingQueue<Message> queue = this.queues.get(prefix(reply));
			if (inbox != null) {
				this.answers.give(inbox, given);
			}
			else if (queue != null) {
				queue.add(given);
			}
		}
		return null;
	}

	private Object request(Method method, Object[] values) {
		boolean later = method.getReturnType() == CompletableFuture.class;
		try {
			Message message = message(values);
			byte[] answer = this.server.take(message);
			if (answer == null) {
				throw this.server.refusal(method.getName());
			}
			Message given = new NatsMessage(message.getSubject(), null, answer);
			return later ? CompletableFuture.completedFuture(given) : given;
		}
		catch (RuntimeException ex) {
			if (later) {
				return CompletableFuture.failedFuture(ex);
			}
			throw ex;
		}
	}

	private Object subscribe(Method method, Object[] values) {
		if (values.length != 1) {
			throw this.server.refusal(method.getName());
		}
		String subject = (String) values[0];
		this.server.subscribed(subject);
		BlockingQueue<Message> queue = new LinkedBlockingQueue<>();
		this.queues.put(prefix(subject), queue);
		return proxy(Subscription.class, (proxy, call, arguments) -> switch (call.getName()) {
			case "nextMessage" ->
				queue.poll((arguments[0] instanceof Duration time) ? time.toMillis() : (Long) arguments[0],
						TimeUnit.MILLISECONDS);
			case "isActive" -> this.queues.containsValue(queue);
			case "unsubscribe" -> {
				this.queues.remove(prefix(subject));
				yield null;
			}
			case "hashCode" -> System.identityHashCode(proxy);
			case "equals" -> proxy == arguments[0];
			case "toString" -> "a subscription to '%s' of a connection to no server".formatted(subject);
			default -> throw this.server.refusal(call.getName());
		});
	}

	private @Nullable Object dispatcher(Object proxy, Method method, Object @Nullable [] arguments) {
		return switch (method.getName()) {
			case "equals" -> arguments != null && proxy == arguments[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "toString" -> "a dispatcher of a connection to no server";
			case "isActive" -> true;
			case "subscribe" -> {
				if (arguments != null && arguments[0] instanceof String subject
						&& arguments[arguments.length - 1] instanceof MessageHandler handler) {
					this.inboxes.put(prefix(subject), handler);
				}
				yield null;
			}
			case "setPendingLimits" -> null;
			default -> throw this.server.refusal(method.getName());
		};
	}

	private @Nullable Object management(Object proxy, Method method, Object @Nullable [] arguments) {
		return switch (method.getName()) {
			case "equals" -> arguments != null && proxy == arguments[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "toString" -> "the management of no server";
			case "getStreams" ->
				this.server.streams((arguments != null && arguments[0] instanceof String subject) ? subject : ">");
			default -> throw this.server.refusal(method.getName());
		};
	}

	// Subject, then the reply subject if there is one, headers and payload
	private static Message message(Object[] values) {
		if (values[0] instanceof Message message) {
			return message;
		}
		String reply = null;
		Headers headers = null;
		byte[] payload = null;
		for (int i = 1; i < values.length; i++) {
			if (values[i] instanceof String text) {
				reply = text;
			}
			else if (values[i] instanceof Headers given) {
				headers = given;
			}
			else if (values[i] instanceof byte[] bytes) {
				payload = bytes;
			}
			else if (values[i] instanceof Duration) {
				continue;
			}
		}
		return new NatsMessage((String) values[0], reply, headers, payload);
	}

	private static String prefix(String subject) {
		int dot = subject.lastIndexOf('.');
		return (dot < 0) ? subject : subject.substring(0, dot);
	}

	private static @Nullable Object zero(Method method) {
		if (method.getReturnType() == long.class) {
			return 0L;
		}
		return (method.getReturnType() == String.class) ? "" : null;
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	/**
	 * A server that can do whatever it is asked for.
	 */
	private static final class NewestServer extends ServerInfo {

		static final ServerInfo INFO = new NewestServer();

		private NewestServer() {
			super("INFO {\"server_id\":\"none\",\"version\":\"0.0.0\",\"jetstream\":true,\"headers\":true}");
		}

		@Override
		public String getVersion() {
			return "none";
		}

		@Override
		public boolean isNewerVersionThan(String version) {
			return true;
		}

		@Override
		public boolean isSameOrNewerThanVersion(String version) {
			return true;
		}

		@Override
		public boolean isOlderThanVersion(String version) {
			return false;
		}

		@Override
		public boolean isSameOrOlderThanVersion(String version) {
			return false;
		}

	}

}
