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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import io.nats.client.impl.Headers;
import io.nats.client.support.ByteArrayBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Headers whose names and values are any text on one line, which is UTF-8 on the wire.
 * They can't be changed: the client sends headers that it takes to be changeable as a
 * copy, which can hold only ASCII. In such a copy, {@code new Headers(headers)}, other
 * values are encoded words ({@code =?UTF-8?B?…?=}, RFC 2047), and headers with other
 * names are missing; {@link HeaderFields} makes a copy that is complete.
 *
 * @since 0.1.0
 */
final class TextHeaders extends Headers {

	private static final byte[] FIRST_LINE = "NATS/1.0\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] LINE_END = { '\r', '\n' };

	private final Map<String, List<String>> values;

	private byte @Nullable [] bytes;

	TextHeaders(Map<String, List<String>> values) {
		super(ascii(values), true);
		Map<String, List<String>> copy = new LinkedHashMap<>();
		values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
		this.values = Collections.unmodifiableMap(copy);
	}

	private static Headers ascii(Map<String, List<String>> values) {
		Headers headers = new Headers();
		values.forEach((name, list) -> {
			if (HeaderFields.isName(name)) {
				headers.put(name, list.stream().map(TextHeaders::encodedWord).toList());
			}
		});
		return headers;
	}

	private static String encodedWord(String value) {
		return HeaderFields.isAscii(value) ? value : "=?UTF-8?B?%s?="
			.formatted(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
	}

	@Override
	public int size() {
		return this.values.size();
	}

	@Override
	public boolean isEmpty() {
		return this.values.isEmpty();
	}

	@Override
	public boolean containsKey(String key) {
		return this.values.containsKey(key);
	}

	@Override
	public boolean containsKeyIgnoreCase(String key) {
		return this.values.keySet().stream().anyMatch((name) -> name.equalsIgnoreCase(key));
	}

	@Override
	public Set<String> keySet() {
		return this.values.keySet();
	}

	@Override
	public Set<String> keySetIgnoreCase() {
		return this.values.keySet()
			.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public @Nullable List<String> get(String key) {
		return this.values.get(key);
	}

	@Override
	public @Nullable String getFirst(String key) {
		List<String> list = this.values.get(key);
		return (list != null) ? list.get(0) : null;
	}

	@Override
	public @Nullable String getLast(String key) {
		List<String> list = this.values.get(key);
		return (list != null) ? list.get(list.size() - 1) : null;
	}

	@Override
	public @Nullable List<String> getIgnoreCase(String key) {
		List<String> found = new ArrayList<>();
		this.values.forEach((name, list) -> {
			if (name.equalsIgnoreCase(key)) {
				found.addAll(list);
			}
		});
		return found.isEmpty() ? null : Collections.unmodifiableList(found);
	}

	@Override
	public void forEach(BiConsumer<String, List<String>> action) {
		this.values.forEach(action);
	}

	@Override
	public Set<Map.Entry<String, List<String>>> entrySet() {
		return this.values.entrySet();
	}

	@Override
	public Map<String, List<String>> toMap() {
		return this.values;
	}

	@Override
	public boolean isDirty() {
		return this.bytes == null;
	}

	@Override
	public int serializedLength() {
		return getSerialized().length;
	}

	@Override
	public byte[] getSerialized() {
		byte[] serialized = this.bytes;
		if (serialized == null) {
			serialized = serialize();
			this.bytes = serialized;
		}
		return serialized;
	}

	private byte[] serialize() {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		block.writeBytes(FIRST_LINE);
		this.values.forEach((name, list) -> list.forEach((value) -> {
			block.writeBytes((name + ":" + value).getBytes(StandardCharsets.UTF_8));
			block.writeBytes(LINE_END);
		}));
		block.writeBytes(LINE_END);
		return block.toByteArray();
	}

	@Override
	@Deprecated
	public ByteArrayBuilder appendSerialized(ByteArrayBuilder builder) {
		return builder.append(getSerialized());
	}

	@Override
	public int serializeToArray(int destPosition, byte[] dest) {
		byte[] serialized = getSerialized();
		System.arraycopy(serialized, 0, dest, destPosition, serialized.length);
		return serialized.length;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof Headers headers && this.values.equals(headers.toMap());
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.entrySet()
			.stream()
			.flatMap((entry) -> entry.getValue().stream().map((value) -> entry.getKey() + ":" + value))
			.collect(Collectors.joining("; "));
	}

}
