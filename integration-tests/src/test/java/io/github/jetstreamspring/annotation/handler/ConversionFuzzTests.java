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

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.sun.management.ThreadMXBean;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.ContentEncodings;
import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Whatever a payload holds and its headers say of it: it is read, or refused as one that
 * can't be handled, in memory that has a bound, with nothing of it in the text, and
 * nothing is made that the method doesn't ask for. The number of messages for each type
 * is the system property {@code fuzz.messages}.
 */
class ConversionFuzzTests {

	private static final int COUNT = Integer.getInteger("fuzz.messages", 150);

	private static final long SEED = Long.getLong("fuzz.seed", 20260131);

	private static final DataSize LIMIT = DataSize.ofMegabytes(1);

	// For which hardly anything random is valid
	private static final List<String> RARE = List.of("event", "protobuf");

	// For the payload in several forms, and what Jackson and stack traces take besides
	private static final long MEMORY = 64 * 1024 * 1024;

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static ArgumentFactory arguments;

	@BeforeAll
	static void create() {
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		beanFactory.registerSingleton("encodings", new ContentEncodings(null, LIMIT));
		arguments = new ArgumentFactory(beanFactory, JetStreamMessageConverters.json(JsonMapper.shared()), null);
	}

	@ParameterizedTest
	@MethodSource("methods")
	void whateverArrivesIsReadOrRefused(Method method) {
		FuzzedMessages messages = new FuzzedMessages(SEED + method.getName().hashCode());
		Argument argument = arguments.create(new MethodParameter(method, 0));
		Map<Boolean, Integer> read = new HashMap<>();
		for (int number = 0; number < COUNT; number++) {
			FuzzedMessages.Fuzzed message = messages.next(1_000_000);
			String name = "message %d of seed %d".formatted(number, SEED);
			long before = threads.getCurrentThreadAllocatedBytes();
			read.merge(isRead(argument, message, name), 1, Integer::sum);
			assertThat(threads.getCurrentThreadAllocatedBytes() - before).as("memory for " + name).isLessThan(MEMORY);
		}
		assertThat(FuzzedPayloads.Gadget.made).isFalse();
		assertThat(read).as("refused").containsKey(false);
		if (!RARE.contains(method.getName())) {
			assertThat(read).as("read").containsKey(true);
		}
	}

	@Test
	void whatTheTestLooksForIsFound() {
		new FuzzedPayloads.Gadget();
		assertThat(FuzzedPayloads.Gadget.made).isTrue();
		FuzzedPayloads.Gadget.made.set(false);
		long before = threads.getCurrentThreadAllocatedBytes();
		assertThat(new byte[(int) MEMORY]).isNotEmpty();
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isGreaterThanOrEqualTo(MEMORY);
	}

	private static boolean isRead(Argument argument, FuzzedMessages.Fuzzed message, String name) {
		Headers headers = new Headers();
		message.headers().forEach((header, value) -> {
			if (!header.isEmpty() && value.chars().allMatch((character) -> character >= ' ' && character < 127)) {
				headers.put(header, value);
			}
		});
		try {
			argument.get(new ArgumentSource(mock(Delivery.class),
					new NatsMessage("jobs.a", null, headers, message.payload())));
			return true;
		}
		catch (UnprocessableMessageException ex) {
			assertThat(ex.getMessage()).as(name).isNotBlank().doesNotContain(FuzzedMessages.SECRET);
			for (Throwable cause = ex.getCause(); cause != null; cause = cause.getCause()) {
				assertThat(cause.toString()).as(name).doesNotContain(FuzzedMessages.SECRET);
			}
			return false;
		}
		catch (Throwable ex) {
			throw new AssertionError(name + ": " + message.headers(), ex);
		}
	}

	static List<Method> methods() {
		return Arrays.stream(FuzzedPayloads.class.getDeclaredMethods())
			.filter((method) -> method.getParameterCount() == 1 && !method.isSynthetic())
			.sorted(Comparator.comparing(Method::getName))
			.toList();
	}

}
