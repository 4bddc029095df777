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

package io.github.jetstreamspring.messaging;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Names of the classes that payloads are of, as messages carry them in a header: those
 * that are registered, and for others the simple name in kebab case. A name that a
 * message carries is looked up among the classes that are registered or that handlers
 * take; it never is the name of a class to load. Can be used by many threads at once.
 *
 * @since 0.1.0
 */
public final class MessageTypes {

	private static final Log logger = LogFactory.getLog(MessageTypes.class);

	private static final String NONE = "";

	// Of which everybody's payloads can be, so that their names tell nothing
	private static final List<String> LIBRARIES = List.of("java.", "javax.", "jakarta.", "kotlin.",
			"org.springframework.", "tools.jackson.", "com.fasterxml.jackson.", "com.google.protobuf.",
			"io.cloudevents.");

	private final String header;

	private final Map<String, Class<?>> registered;

	// Copied when it is changed, as it is read for each message
	private volatile Map<String, Class<?>> learned = Map.of();

	private final Map<Class<?>, String> written = new ConcurrentHashMap<>();

	/**
	 * Creates names without registered ones, in the header
	 * {@value JetStreamHeaders#MESSAGE_TYPE}.
	 */
	public MessageTypes() {
		this(JetStreamHeaders.MESSAGE_TYPE, Map.of());
	}

	/**
	 * Creates names.
	 * @param header the name of the header
	 * @param registered classes by their names; of several names for one class the first
	 * one is written, and all are read
	 * @throws IllegalArgumentException if the header or a name can't be one
	 */
	public MessageTypes(String header, Map<String, Class<?>> registered) {
		if (!HeaderFields.isName(header) || HeaderFields.isReserved(header)) {
			throw new IllegalArgumentException("'%s' can't be the header for the names of types".formatted(header));
		}
		for (String name : registered.keySet()) {
			Assert.isTrue(!name.isBlank() && name.equals(name.strip()) && HeaderFields.isValue(name),
					() -> "'%s' can't be the name of a type, which is text on one line".formatted(name));
		}
		this.header = header;
		this.registered = Collections.unmodifiableMap(new LinkedHashMap<>(registered));
	}

	/**
	 * Returns the header that names are in.
	 * @return its name
	 */
	public String header() {
		return this.header;
	}

	/**
	 * Returns the name that a message has in its header.
	 * @param message the message
	 * @return the name, or {@code null} if there is none
	 */
	public @Nullable String read(Message message) {
		Headers headers = message.getHeaders();
		if (headers == null) {
			return null;
		}
		List<String> values = headers.get(this.header);
		if (values == null) {
			values = headers.getIgnoreCase(this.header);
		}
		return (values != null && !values.isEmpty() && !values.get(0).isBlank()) ? values.get(0).strip() : null;
	}

	/**
	 * Returns the class that has a name.
	 * @param name the name
	 * @return the class, or {@code null} if none is known by it
	 */
	public @Nullable Class<?> find(String name) {
		Class<?> type = this.registered.get(name);
		return (type != null) ? type : this.learned.get(name);
	}

	/**
	 * Returns the name to write for a payload.
	 * @param payload the payload
	 * @return the name, or {@code null} if the payload is no object of a class that has
	 * one, as bytes, texts and collections have none
	 */
	public @Nullable String nameOf(Object payload) {
		Class<?> type = (payload instanceof Enum<?> constant) ? constant.getDeclaringClass()
				: ClassUtils.getUserClass(payload);
		String name = this.written.get(type);
		if (name == null) {
			name = nameToWrite(type);
			this.written.put(type, name);
		}
		return name.equals(NONE) ? null : name;
	}

	private String nameToWrite(Class<?> type) {
		List<String> names = registeredNames(type);
		if (!names.isEmpty()) {
			return names.get(0);
		}
		if (!isNameable(type)) {
			return NONE;
		}
		String name = defaultName(type);
		Class<?> other = find(name);
		if (other != null && other != type) {
			logger.warn(
					"Messages with a %s don't say of which type they are, as '%s' is the name of %s; give it a name of its own: jetstream.messaging.types.<name>: %1$s"
						.formatted(type.getName(), name, other.getName()));
			return NONE;
		}
		return name;
	}

	private List<String> registeredNames(Class<?> type) {
		return this.registered.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == type)
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Returns the names that a class is known by.
	 * @param type the class
	 * @return the names, none if it isn't known
	 */
	public List<String> names(Class<?> type) {
		List<String> names = registeredNames(type);
		return (names.isEmpty() && isNameable(type) && find(defaultName(type)) == type) ? List.of(defaultName(type))
				: names;
	}

	/**
	 * Takes note of a class that a handler takes, with all permitted subclasses if it is
	 * sealed.
	 * @param type the class
	 * @return a class that has the same name, {@code null} if all is well
	 */
	public synchronized @Nullable Clash learn(Class<?> type) {
		Map<String, Class<?>> known = new LinkedHashMap<>(this.learned);
		for (Class<?> each : withPermitted(type)) {
			if (!isNameable(each) || !registeredNames(each).isEmpty()) {
				continue;
			}
			String name = defaultName(each);
			Class<?> other = find(name);
			other = (other != null) ? other : known.putIfAbsent(name, each);
			if (other != null && other != each) {
				return new Clash(name, each, other);
			}
		}
		this.learned = Map.copyOf(known);
		this.written.clear();
		return null;
	}

	/**
	 * Returns the known classes that are narrower than another one.
	 * @param type the other class
	 * @return its known subclasses
	 */
	public Set<Class<?>> subtypes(Class<?> type) {
		Set<Class<?>> subtypes = new LinkedHashSet<>(this.registered.values());
		subtypes.addAll(this.learned.values());
		subtypes.removeIf((known) -> known == type || !type.isAssignableFrom(known));
		return subtypes;
	}

	/**
	 * Returns whether the name of a class tells something about a message: it is no class
	 * of Java's or of a library, and is written by somebody.
	 * @param type the class
	 * @return whether it does
	 */
	public static boolean isNameable(Class<?> type) {
		return !type.isPrimitive() && !type.isArray() && !type.isHidden() && !type.isSynthetic()
				&& !type.getSimpleName().isEmpty() && !isOfLibrary(type);
	}

	private static boolean isOfLibrary(Class<?> type) {
		for (String library : LIBRARIES) {
			if (type.getName().startsWith(library)) {
				return true;
			}
		}
		return false;
	}

	private static List<Class<?>> withPermitted(Class<?> type) {
		List<Class<?>> types = new ArrayList<>();
		collect(type, types);
		return types;
	}

	// Nobody publishes what is sealed and abstract, only what it permits
	private static void collect(Class<?> type, List<Class<?>> types) {
		if (!type.isSealed() || !Modifier.isAbstract(type.getModifiers())) {
			types.add(type);
		}
		if (type.isSealed()) {
			for (Class<?> permitted : type.getPermittedSubclasses()) {
				collect(permitted, types);
			}
		}
	}

	private static String defaultName(Class<?> type) {
		return type.getSimpleName()
			.replaceAll("(\\p{Lu})(\\p{Lu}\\p{Ll})", "$1-$2")
			.replaceAll("([\\p{Ll}\\d])(\\p{Lu})", "$1-$2")
			.toLowerCase(Locale.ROOT);
	}

	/**
	 * Two classes with one name.
	 *
	 * @param name the name
	 * @param type a class
	 * @param other the class that has had the name before
	 * @since 0.1.0
	 */
	public record Clash(String name, Class<?> type, Class<?> other) {
	}

}
