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

package io.github.jetstreamspring.behaviour;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How listeners are declared.
 */
class DeclarationTests extends BehaviourTests {

	@Test
	void aMethodOfAnyVisibilityIsAListener() {
		try (Worker worker = run(OfAnyVisibility.class, TWO_CONSUMERS)) {
			worker.template().publish("jobs.worker", "a");
			worker.template().publish("jobs.other", "b");
			handles(worker, "private a", "package b");
		}
	}

	@Test
	void aStaticMethodIsRefused() {
		assertThat(refused(Static.class)).singleElement()
			.asString()
			.contains("the method is static", "Make it an instance method");
	}

	@Test
	void attributesTakePlaceholdersWithDefaults() {
		try (Worker worker = run(Placeholders.class, "consumer-name=worker")) {
			assertThat(worker.listeners().ids()).containsExactly("by-default");
			assertThat(worker.listeners().definition("by-default").consumer()).isEqualTo("worker");
		}
	}

	@Test
	void attributesTakeExpressionsOverBeansAndTheEnvironment() {
		try (Worker worker = run(Expressions.class, "prefix=of-")) {
			assertThat(worker.listeners().ids()).containsExactly("of-worker");
			assertThat(worker.listeners().definition("of-worker").options().concurrency()).isEqualTo(6);
		}
	}

	@Test
	void anExpressionKnowsItsBeanSoTwoBeansOfAClassMayBeTwoListeners() {
		try (Worker worker = run(TwoOfAClass.class, TWO_CONSUMERS)) {
			worker.template().publish("jobs.worker", "a");
			worker.template().publish("jobs.other", "b");
			handles(worker, "worker a", "other b");
		}
	}

	@Test
	void anExpressionMayGiveSeveralSubjects() {
		try (Worker worker = run(SeveralSubjects.class, "jetstream.streams.jobs.retention=limits",
				"wanted=jobs.a,jobs.b")) {
			for (String subject : new String[] { "jobs.a", "jobs.b", "jobs.c", "jobs.d" }) {
				worker.template().publish(subject, subject);
			}
			handles(worker, "jobs.a", "jobs.b", "jobs.d");
		}
	}

	@Test
	void aListWhereOneValueIsWantedIsRefused() {
		assertThat(refused(ListAsConsumer.class)).first()
			.asString()
			.contains("attribute 'consumer'", "several values where there can be one only");
	}

	@Test
	void anUnknownPlaceholderIsRefused() {
		assertThat(refused(UnknownPlaceholder.class)).first().asString().contains("attribute 'consumer'", "nowhere");
	}

	@Test
	void anAnnotationOfOnesOwnMayNameAttributesItsOwnWay() {
		try (Worker worker = run(WithAnnotationOfItsOwn.class)) {
			assertThat(worker.listeners().ids()).containsExactly("mine");
			assertThat(worker.listeners().definition("mine").options().concurrency()).isEqualTo(3);
			worker.template().publish("jobs.a", "a");
			handles(worker, "a");
		}
	}

	@Test
	void annotationsMayBeRepeated() {
		try (Worker worker = run(Repeated.class, TWO_CONSUMERS)) {
			worker.template().publish("jobs.worker", "a");
			worker.template().publish("jobs.other", "b");
			handles(worker, "a", "b");
		}
	}

	@Test
	void aClassMayBeOneListenerWithAHandlerForEachType() {
		try (Worker worker = run(ByType.class)) {
			worker.template().publish("jobs.a", Order.of("a"));
			worker.template().publish("jobs.b", new Refund("b"));
			worker.template().publish("jobs.c", "c");
			handles(worker, "order a", "refund b", "other");
		}
	}

	@Test
	void twoListenersWithOneIdAreRefused() {
		assertThat(refused(SameId.class)).singleElement()
			.asString()
			.contains("another listener with the id 'worker'", "Give one of them an id of its own");
	}

	@Test
	void aConsumerThatNobodyHasDeclaredIsRefusedWithASuggestion() {
		assertThat(refused(UnknownConsumer.class)).singleElement().asString().contains("'wroker'", "'worker'");
	}

	@Test
	void concurrencyIsANumberAndARangeIsRefused() {
		assertThat(refused(Range.class)).singleElement()
			.asString()
			.contains("attribute 'concurrency' is '2-5'", "a number of at least 1");
	}

	@Test
	void everythingThatIsWrongIsSaidAtOnce() {
		assertThat(refused(SeveralMistakes.class)).hasSizeGreaterThanOrEqualTo(4)
			.anySatisfy((problem) -> assertThat(problem).contains("'ack' is 'manual'"))
			.anySatisfy((problem) -> assertThat(problem).contains("'maxRunTime' is 'soon'"))
			.anySatisfy((problem) -> assertThat(problem).contains("'autoStartup' is 'maybe'"))
			.anySatisfy((problem) -> assertThat(problem).contains("'nobody', which there isn't"));
	}

	static class OfAnyVisibility extends Noting {

		OfAnyVisibility(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		private void hidden(String job) {
			note("private " + job);
		}

		@JetStreamListener("other")
		void visible(String job) {
			note("package " + job);
		}

	}

	static class Static {

		@JetStreamListener("worker")
		static void handle(String job) {
		}

	}

	static class Placeholders {

		@JetStreamListener(consumer = "${consumer-name}", id = "${id-of-listener:by-default}")
		void handle(String job) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Expressions {

		@Bean
		static String nameOfConsumer() {
			return "worker";
		}

		@JetStreamListener(value = "#{@nameOfConsumer}", id = "#{environment['prefix'] + nameOfConsumer}",
				concurrency = "#{2 * 3}")
		void handle(String job) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoOfAClass {

		@Bean
		ByName one(Notes notes) {
			return new ByName("worker", notes);
		}

		@Bean
		ByName two(Notes notes) {
			return new ByName("other", notes);
		}

	}

	static class ByName extends Noting {

		private final String name;

		ByName(String name, Notes notes) {
			super(notes);
			this.name = name;
		}

		public String getName() {
			return this.name;
		}

		@JetStreamListener("#{__listener.name}")
		void handle(String job) {
			note(this.name + " " + job);
		}

	}

	static class SeveralSubjects extends Noting {

		SeveralSubjects(Notes notes) {
			super(notes);
		}

		@JetStreamListener(stream = "jobs", consumer = "several", subjects = { "#{'${wanted}'.split(',')}", "jobs.d" })
		void handle(String job) {
			note(job);
		}

	}

	static class ListAsConsumer {

		@JetStreamListener("#{'a,b'.split(',')}")
		void handle(String job) {
		}

	}

	static class UnknownPlaceholder {

		@JetStreamListener("${nowhere}")
		void handle(String job) {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@JetStreamListener(concurrency = "3")
	@interface JobListener {

		@AliasFor(annotation = JetStreamListener.class, attribute = "consumer")
		String of();

		@AliasFor(annotation = JetStreamListener.class, attribute = "id")
		String name() default "";

	}

	static class WithAnnotationOfItsOwn extends Noting {

		WithAnnotationOfItsOwn(Notes notes) {
			super(notes);
		}

		@JobListener(of = "worker", name = "mine")
		void handle(String job) {
			note(job);
		}

	}

	static class Repeated extends Noting {

		Repeated(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		@JetStreamListener("other")
		void handle(String job) {
			note(job);
		}

	}

	record Refund(String id) {
	}

	@JetStreamListener("worker")
	static class ByType extends Noting {

		ByType(Notes notes) {
			super(notes);
		}

		@JetStreamHandler
		void order(Order order) {
			note("order " + order.id());
		}

		@JetStreamHandler
		void refund(Refund refund) {
			note("refund " + refund.id());
		}

		@JetStreamHandler(isDefault = true)
		void other() {
			note("other");
		}

	}

	static class SameId {

		@JetStreamListener("worker")
		void one(String job) {
		}

		@JetStreamListener("worker")
		void two(String job) {
		}

	}

	static class UnknownConsumer {

		@JetStreamListener("wroker")
		void handle(String job) {
		}

	}

	static class Range {

		@JetStreamListener(value = "worker", concurrency = "2-5")
		void handle(String job) {
		}

	}

	static class SeveralMistakes {

		@JetStreamListener(value = "worker", ack = "manual", maxRunTime = "soon")
		void one(String job) {
		}

		@JetStreamListener(value = "worker", id = "two", autoStartup = "maybe", errorHandler = "nobody")
		void two(String job) {
		}

	}

}
