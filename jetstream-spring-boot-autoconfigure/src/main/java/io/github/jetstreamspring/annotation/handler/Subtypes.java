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

import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.MessageTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;

/**
 * What the payload of a parameter is, if it may be of types below that of the parameter:
 * the type of the message tells.
 */
final class Subtypes {

	private final MethodParameter parameter;

	private final MessageTypes types;

	private final Map<Class<?>, MethodParameter> narrowed = new HashMap<>();

	private final boolean sealed;

	private Subtypes(MethodParameter parameter, MessageTypes types) {
		this.parameter = parameter;
		this.types = types;
		Class<?> type = parameter.getParameterType();
		this.sealed = type.isSealed() && Modifier.isAbstract(type.getModifiers());
		// Nobody else's: Object stands for the bytes, and Java's own types have no names
		if (MessageTypes.isNameable(type)) {
			for (Class<?> subtype : types.subtypes(type)) {
				this.narrowed.put(subtype, InnerParameter.narrowed(parameter, subtype));
			}
		}
	}

	/**
	 * Finds the types below that of a parameter.
	 * @param parameter the parameter
	 * @param types the names of types, which know all that the parameter's type permits
	 * if it is sealed
	 */
	static Subtypes of(MethodParameter parameter, MessageTypes types) {
		return new Subtypes(parameter, types);
	}

	/**
	 * Returns what to read the payload of a message as.
	 * @param incoming the message
	 * @return the parameter with the type of the payload
	 * @throws UnprocessableMessageException if the type is sealed, and doesn't permit
	 * that of the message
	 */
	MethodParameter select(ArgumentSource incoming) {
		if (this.narrowed.isEmpty()) {
			return this.parameter;
		}
		String name = name(incoming);
		Class<?> type = (name != null) ? this.types.find(name) : null;
		MethodParameter selected = (type != null) ? this.narrowed.get(type) : null;
		if (selected == null && name != null && this.sealed) {
			throw new UnprocessableMessageException(
					"The payload can't be converted: its type is none of %s, which are those of %s".formatted(names(),
							this.parameter.getParameterType().getSimpleName()),
					null);
		}
		return (selected != null) ? selected : this.parameter;
	}

	/**
	 * Returns what to add to the reason why a payload can't be converted.
	 */
	String hint(ArgumentSource incoming) {
		return (this.sealed && !this.narrowed.isEmpty() && name(incoming) == null)
				? "; the message has no header %s that says which of %s it is".formatted(this.types.header(), names())
				: "";
	}

	private @Nullable String name(ArgumentSource incoming) {
		return this.types.read(incoming.natsMessage());
	}

	private TreeSet<String> names() {
		TreeSet<String> names = new TreeSet<>();
		this.narrowed.keySet().stream().map(this.types::names).forEach(names::addAll);
		return names;
	}

}
