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

package io.github.jetstreamspring.annotation.handler;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.MessageTypes;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Hands each message to the method of a class that is for it.
 */
final class RoutingHandler implements DeliveryHandler {

	// Of a name that somebody else has written
	private static final int MAX_NAME_LENGTH = 100;

	private final List<HandlerRoute> routes;

	private final @Nullable HandlerRoute other;

	private final MessageTypes types;

	/**
	 * Creates a handler.
	 * @param routes the methods, of which one at most is the default
	 * @param types the names of types
	 */
	RoutingHandler(List<HandlerRoute> routes, MessageTypes types) {
		this.routes = routes.stream().filter((route) -> !route.isDefault()).toList();
		this.other = routes.stream().filter(HandlerRoute::isDefault).findFirst().orElse(null);
		this.types = types;
	}

	@Override
	public @Nullable CompletionStage<?> handle(Delivery delivery, Message message) throws Exception {
		String name = this.types.read(message);
		return select(name, delivery.subject()).handler().handle(delivery, message);
	}

	private HandlerRoute select(@Nullable String name, String subject) {
		Class<?> type = (name != null) ? this.types.find(name) : null;
		HandlerRoute selected = null;
		for (HandlerRoute route : this.routes) {
			if (route.takes(subject) && route.takes(name, type)
					&& (selected == null || route.isAtLeastAsSpecificAs(selected))) {
				selected = route;
			}
		}
		if (selected != null) {
			requireMostSpecific(selected, name, type, subject);
			return selected;
		}
		if (this.other != null) {
			return this.other;
		}
		throw new UnprocessableMessageException("%s is for no handler; the handlers are %s".formatted(
				describe(name, subject),
				this.routes.stream().map((route) -> route.describe(this.types)).collect(Collectors.joining(", "))),
				null);
	}

	// Most of it is known at the start, but not for messages without a type
	private void requireMostSpecific(HandlerRoute selected, @Nullable String name, @Nullable Class<?> type,
			String subject) {
		for (HandlerRoute route : this.routes) {
			if (route != selected && route.takes(subject) && route.takes(name, type)
					&& !selected.isAtLeastAsSpecificAs(route)) {
				throw new UnprocessableMessageException(
						"%s is for two handlers, of which none is for the more specific type: %s and %s".formatted(
								describe(name, subject), selected.describe(this.types), route.describe(this.types)),
						null);
			}
		}
	}

	private static String describe(@Nullable String name, String subject) {
		String type = (name == null) ? "without a type" : "of type '%s'"
			.formatted((name.length() > MAX_NAME_LENGTH) ? name.substring(0, MAX_NAME_LENGTH) + "…" : name);
		return "A message %s on subject '%s'".formatted(type, subject);
	}

}
