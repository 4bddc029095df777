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

package io.github.jetstreamspring.topology;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.support.JsonSerializable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The settings are all there are: whatever a new version of jnats adds has to be
 * declared, or to be left out for a reason.
 */
class SettingCoverageTests {

	private static final Map<String, String> LEFT_OUT_OF_STREAMS = Map.of("getName", "what is declared",
			"getTemplateOwner", "servers have no stream templates any more");

	private static final Map<String, String> LEFT_OUT_OF_CONSUMERS = Map.of("getName", "what is declared", "getDurable",
			"what is declared", "getBackoff", "bends the delays of retries", "getDeliverSubject", "push consumers only",
			"getDeliverGroup", "push consumers only", "getRateLimit", "push consumers only", "getIdleHeartbeat",
			"push consumers only", "isFlowControl", "push consumers only");

	@Test
	void everythingThatJnatsKnowsOfAStreamIsASetting() {
		Set<String> covered = StreamSample.all()
			.stream()
			.flatMap((sample) -> differing(StreamConfiguration.class,
					() -> new DeclaredStream("x", sample.before("x").settings()).target(null),
					() -> new DeclaredStream("x", sample.after("x").settings()).target(null),
					() -> StreamConfiguration.builder().name("x").build()))
			.collect(Collectors.toCollection(TreeSet::new));
		// A sample can't have them, as a single server doesn't
		differing(StreamConfiguration.class, () -> replicas(1), () -> replicas(3), () -> replicas(5))
			.forEach(covered::add);
		covered.addAll(LEFT_OUT_OF_STREAMS.keySet());
		assertThat(covered).containsExactlyInAnyOrderElementsOf(getters(StreamConfiguration.class));
	}

	@Test
	void everythingThatJnatsKnowsOfAConsumerIsASetting() {
		Set<String> covered = ConsumerSample.all()
			.stream()
			.flatMap((sample) -> differing(ConsumerConfiguration.class,
					() -> new DeclaredConsumer("s", "x", sample.before("x").settings()).target(null),
					() -> new DeclaredConsumer("s", "x", sample.after("x").settings()).target(null),
					() -> ConsumerConfiguration.builder().durable("x").build()))
			.collect(Collectors.toCollection(TreeSet::new));
		covered.addAll(LEFT_OUT_OF_CONSUMERS.keySet());
		assertThat(covered).containsExactlyInAnyOrderElementsOf(getters(ConsumerConfiguration.class));
	}

	@Test
	void everySettingIsAmongAll() {
		assertThat(settings(StreamSettings.class)).containsExactlyInAnyOrderElementsOf(StreamSettings.all());
		assertThat(settings(ConsumerSettings.class)).containsExactlyInAnyOrderElementsOf(ConsumerSettings.all());
	}

	/**
	 * Returns the getters whose values a sample sets.
	 */
	private static <C> Stream<String> differing(Class<C> type, Supplier<C> before, Supplier<C> after,
			Supplier<C> nothing) {
		List<C> all = List.of(before.get(), after.get(), nothing.get());
		return getters(type).stream()
			.filter((getter) -> all.stream().map((one) -> text(call(getter, type, one))).distinct().count() > 1);
	}

	private static StreamConfiguration replicas(int number) {
		return new DeclaredStream("x", StreamDefinition.named("x").replicas(number).build().settings()).target(null);
	}

	private static List<String> getters(Class<?> type) {
		return Arrays.stream(type.getMethods())
			.filter((method) -> method.getDeclaringClass() == type && method.getParameterCount() == 0
					&& !Modifier.isStatic(method.getModifiers()) && method.getName().matches("(get|is)[A-Z].*"))
			.map(Method::getName)
			.distinct()
			.toList();
	}

	private static Object call(String getter, Class<?> type, Object configuration) {
		return TopologyServer.call(() -> type.getMethod(getter).invoke(configuration));
	}

	private static String text(Object value) {
		if (value instanceof List<?> list) {
			return list.stream().map(SettingCoverageTests::text).toList().toString();
		}
		return (value instanceof JsonSerializable json) ? json.toJson() : String.valueOf(value);
	}

	private static List<Object> settings(Class<?> type) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.getReturnType() == Setting.class && method.getParameterCount() == 0)
			.map((method) -> TopologyServer.call(() -> method.invoke(null)))
			.toList();
	}

}
