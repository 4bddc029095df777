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

package io.github.jetstreamspring.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ListenerAnnotations}.
 */
class ListenerAnnotationsTests {

	private final ListenerAnnotations annotations = new ListenerAnnotations();

	@Test
	void whenAMethodIsAnnotatedThenItIsFound() {
		assertThat(find(Plain.class)).containsOnlyKeys("Plain.open", "Plain.hidden", "Plain.ofClass");
		assertThat(find(String.class)).isEmpty();
		assertThat(find(Unrelated.class)).isEmpty();
	}

	@Test
	void whenAnInterfaceIsAnnotatedThenItIsTheMethodOfTheClass() {
		assertThat(find(OfInterface.class)).containsOnly(Map.entry("OfInterface.handle", Set.of("of-interface")));
		assertThat(find(Below.class)).containsOnly(Map.entry("OfInterface.handle", Set.of("of-interface")));
	}

	@Test
	void whenASuperinterfaceIsAnnotatedThenItIsTheMethodOfTheClass() {
		assertThat(find(OfSuperinterface.class))
			.containsOnly(Map.entry("OfSuperinterface.handle", Set.of("of-interface")));
	}

	@Test
	void whenASuperclassDoesNotKnowTheInterfaceOfItsMethodThenItIsFound() {
		assertThat(find(Joined.class)).containsOnly(Map.entry("Unannotated.handle", Set.of("of-interface")));
	}

	@Test
	void whenADefaultMethodIsAnnotatedThenItIsFound() {
		assertThat(find(Defaulted.class)).containsOnly(Map.entry("WithDefault.handle", Set.of("of-default")));
		assertThat(find(DefaultOverridden.class))
			.containsOnly(Map.entry("DefaultOverridden.handle", Set.of("of-default")));
	}

	@Test
	void whenTheMethodOfAGenericTypeIsAnnotatedThenItIsTheOneWithTheRealType() throws Exception {
		assertThat(find(OfGenericInterface.class))
			.containsOnly(Map.entry("OfGenericInterface.handle", Set.of("of-generic")));
		assertThat(this.annotations.of(OfGenericInterface.class))
			.containsOnlyKeys(OfGenericInterface.class.getMethod("handle", String.class));
		assertThat(this.annotations.of(OfGenericClass.class))
			.containsOnlyKeys(OfGenericClass.class.getDeclaredMethod("handle", String.class));
	}

	@Test
	void whenAnOverriddenMethodIsAnnotatedThenItIsTheMethodOfTheClass() {
		assertThat(find(Overriding.class)).containsOnly(Map.entry("Overriding.open", Set.of("open")),
				Map.entry("Plain.hidden", Set.of("hidden")), Map.entry("Plain.ofClass", Set.of("of-class")));
		assertThat(find(OfAbstract.class)).containsOnly(Map.entry("OfAbstract.handle", Set.of("of-abstract")));
	}

	@Test
	void whenAMethodAndWhatItOverridesAreAnnotatedThenItsOwnAnnotationCounts() {
		assertThat(find(Repeating.class)).containsOnly(Map.entry("Repeating.handle", Set.of("of-class")));
		assertThat(find(BelowRepeating.class)).containsOnly(Map.entry("BelowRepeating.handle", Set.of("of-class")));
	}

	@Test
	void whenInterfacesThatHaveNothingToDoWithEachOtherAreAnnotatedThenBothCount() {
		assertThat(find(OfTwoInterfaces.class))
			.containsOnly(Map.entry("OfTwoInterfaces.handle", Set.of("of-interface", "of-other")));
	}

	@Test
	void whenAMethodIsInheritedThroughABridgeThenItIsFoundOnce() {
		assertThat(find(Visible.class).values()).containsExactly(Set.of("invisible"));
	}

	@Test
	void whenTheAnnotationIsRepeatedOrMetaThenItIsFound() {
		assertThat(find(Repeated.class)).containsOnly(Map.entry("Repeated.twice", Set.of("first", "second")),
				Map.entry("Repeated.meta", Set.of("meta")));
	}

	@Test
	void whenTheClassIsARecordOrAnEnumThenItIsFound() {
		assertThat(find(Recorded.class)).containsOnlyKeys("Recorded.handle");
		assertThat(find(Single.INSTANCE.getClass()).values()).containsExactly(Set.of("of-enum"));
	}

	@Test
	void whenTheClassIsThatOfAProxyThenItsSuperclassCounts() {
		ProxyFactory factory = new ProxyFactory(new OfInterface());
		factory.setProxyTargetClass(true);
		assertThat(find(factory.getProxy().getClass())).containsOnlyKeys("OfInterface.handle");
	}

	private Map<String, Set<String>> find(Class<?> type) {
		Map<String, Set<String>> found = new HashMap<>();
		this.annotations.of(type).forEach((method, annotations) -> found.put(name(method), consumers(annotations)));
		return found;
	}

	private static String name(Method method) {
		return method.getDeclaringClass().getSimpleName() + "." + method.getName();
	}

	private static Set<String> consumers(Set<JetStreamListener> annotations) {
		return annotations.stream().map(JetStreamListener::consumer).collect(Collectors.toUnmodifiableSet());
	}

	static class Unrelated {

		void handle(String payload) {
		}

	}

	static class Plain {

		@JetStreamListener("open")
		void open(String payload) {
		}

		@JetStreamListener("hidden")
		private void hidden(String payload) {
		}

		@JetStreamListener("of-class")
		static void ofClass(String payload) {
		}

	}

	static class Overriding extends Plain {

		@Override
		void open(String payload) {
		}

	}

	abstract static class Abstract {

		@JetStreamListener("of-abstract")
		abstract void handle(String payload);

	}

	static class OfAbstract extends Abstract {

		@Override
		void handle(String payload) {
		}

	}

	interface Handler {

		@JetStreamListener("of-interface")
		void handle(String payload);

	}

	interface SubHandler extends Handler {

	}

	interface OtherHandler {

		@JetStreamListener("of-other")
		void handle(String payload);

	}

	static class OfInterface implements Handler {

		@Override
		public void handle(String payload) {
		}

	}

	static class Below extends OfInterface {

	}

	static class OfSuperinterface implements SubHandler {

		@Override
		public void handle(String payload) {
		}

	}

	static class OfTwoInterfaces implements SubHandler, OtherHandler {

		@Override
		public void handle(String payload) {
		}

	}

	static class Unannotated {

		public void handle(String payload) {
		}

	}

	static class Joined extends Unannotated implements Handler {

	}

	static class Repeating implements Handler {

		@Override
		@JetStreamListener("of-class")
		public void handle(String payload) {
		}

	}

	static class BelowRepeating extends Repeating implements SubHandler {

		@Override
		public void handle(String payload) {
		}

	}

	interface WithDefault {

		@JetStreamListener("of-default")
		default void handle(String payload) {
		}

	}

	static class Defaulted implements WithDefault {

	}

	static class DefaultOverridden implements WithDefault {

		@Override
		public void handle(String payload) {
		}

	}

	interface GenericHandler<T> {

		@JetStreamListener("of-generic")
		void handle(T payload);

	}

	static class OfGenericInterface implements GenericHandler<String> {

		@Override
		public void handle(String payload) {
		}

	}

	abstract static class GenericClass<T> {

		@JetStreamListener("of-generic-class")
		abstract void handle(T payload);

	}

	static class OfGenericClass extends GenericClass<String> {

		@Override
		void handle(String payload) {
		}

	}

	static class Invisible {

		@JetStreamListener("invisible")
		public void handle(String payload) {
		}

	}

	public static class Visible extends Invisible {

	}

	@JetStreamListener("meta")
	@Retention(RetentionPolicy.RUNTIME)
	@interface Meta {

	}

	static class Repeated {

		@JetStreamListener("first")
		@JetStreamListener("second")
		void twice(String payload) {
		}

		@Meta
		void meta(String payload) {
		}

	}

	record Recorded(String name) {

		@JetStreamListener("of-record")
		void handle(String payload) {
		}

	}

	enum Single {

		INSTANCE {

			@Override
			void handle(String payload) {
			}

		};

		@JetStreamListener("of-enum")
		void handle(String payload) {
		}

	}

}
