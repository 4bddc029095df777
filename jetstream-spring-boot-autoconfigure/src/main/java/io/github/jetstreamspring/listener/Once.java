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

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Has the handler of a listener take effect once for each message: it runs in a
 * transaction in which its messages are recorded as handled, and doesn't run for those
 * that are already.
 *
 * @param listener the listener's id
 * @param byMessageId whether publishers choose what tells messages apart
 * @param handled remembers what is handled
 */
record Once(String listener, boolean byMessageId, HandledMessages handled) {

	// What all databases take for the same text only if it is: no blanks at its end, and
	// nothing that a collation might not tell apart
	private static final Pattern PLAIN = Pattern.compile("[!-~]{1,255}");

	/**
	 * Returns what a listener needs, or {@code null} if its messages are handled at least
	 * once, as everywhere.
	 */
	static @Nullable Once of(ListenerDefinition definition, ListenerEnvironment environment) {
		OnceMode mode = definition.options().once();
		if (mode == null || mode == OnceMode.FALSE) {
			return null;
		}
		HandledMessages handled = environment.handledMessages();
		Assert.state(handled != null, "Checked when the listener was registered");
		return new Once(plain(definition.id()), mode == OnceMode.MESSAGE_ID, handled);
	}

	/**
	 * Returns a handler that handles each message once.
	 */
	DeliveryHandler around(DeliveryHandler handler) {
		return (delivery, message) -> {
			ReceivedDelivery received = (ReceivedDelivery) delivery;
			HeldVerbs verbs = received.holdVerbs();
			Set<String> before;
			try {
				before = this.handled.handle(this.listener, Set.of(key(received)), () -> {
					await(handler.handle(delivery, message));
					return !verbs.isDeclined();
				});
			}
			catch (Throwable ex) {
				verbs.rolledBack();
				throw ex;
			}
			if (before.isEmpty()) {
				verbs.close();
			}
			else {
				verbs.skip();
			}
			return null;
		};
	}

	/**
	 * Returns which of several deliveries may be handled together: one of each message.
	 * What was said by verbs before is forgotten.
	 */
	Set<ReceivedDelivery> distinct(List<ReceivedDelivery> deliveries) {
		Map<String, ReceivedDelivery> byKey = new LinkedHashMap<>();
		deliveries.forEach((delivery) -> {
			delivery.releaseVerbs();
			byKey.putIfAbsent(key(delivery), delivery);
		});
		return new LinkedHashSet<>(byKey.values());
	}

	/**
	 * Handles a batch. It is committed as a whole, or rolled back; what is to become of
	 * each delivery then is in its {@link HeldVerbs}.
	 * @param batch the deliveries, all of different messages
	 * @param handler handles them
	 * @throws Exception what the handler throws
	 */
	void handle(List<ReceivedDelivery> batch, DeliveryInterceptor.Invocation handler) throws Exception {
		Map<String, HeldVerbs> verbs = new LinkedHashMap<>();
		batch.forEach((delivery) -> verbs.put(key(delivery), delivery.holdVerbs()));
		Set<String> before;
		try {
			before = this.handled.handle(this.listener, verbs.keySet(), () -> {
				await(handler.proceed());
				return verbs.values().stream().noneMatch(HeldVerbs::isDeclined);
			});
		}
		catch (Throwable ex) {
			int failed = (ex instanceof BatchException one) ? one.getIndex() : batch.size();
			List<HeldVerbs> inOrder = List.copyOf(verbs.values());
			for (int i = 0; i < inOrder.size(); i++) {
				if (failed < inOrder.size() && i != failed) {
					inOrder.get(i).rolledBackForOthers();
				}
				else {
					inOrder.get(i).rolledBack();
				}
			}
			throw ex;
		}
		if (before.isEmpty() && verbs.values().stream().noneMatch(HeldVerbs::isDeclined)) {
			verbs.values().forEach(HeldVerbs::close);
			return;
		}
		verbs.forEach((key, held) -> {
			if (before.contains(key)) {
				held.skip();
			}
			else {
				held.rolledBackForOthers();
			}
		});
	}

	// The connection of the transaction belongs to this thread, and so does its end
	private static void await(@Nullable CompletionStage<?> stage) throws Exception {
		if (stage == null) {
			return;
		}
		CompletableFuture<?> future = HandlerStage.of(stage);
		try {
			future.get();
		}
		catch (InterruptedException ex) {
			future.cancel(true);
			throw ex;
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Exception cause) {
				throw cause;
			}
			if (ex.getCause() instanceof Error cause) {
				throw cause;
			}
			throw ex;
		}
	}

	/**
	 * Returns what tells the message of a delivery from all others of the listener, also
	 * when it has been stored again for a far attempt or a redrive.
	 */
	String key(ReceivedDelivery delivery) {
		String id = this.byMessageId ? delivery.origin().publishedId() : null;
		// No stream has a slash in its name, so one kind can't be taken for the other
		return plain(StringUtils.hasLength(id) ? delivery.stream() + "/" + id
				: delivery.origin().originalIdentity().toString());
	}

	private static String plain(String key) {
		if (PLAIN.matcher(key).matches()) {
			return key;
		}
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
			return "/sha256/" + HexFormat.of().formatHex(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
