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
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.jetstreamspring.annotation.DeadLetterListener;
import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.deadletter.StoredDeadLetter;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listener methods of unusual shapes, all of which work.
 */
class UnusualMethodTests extends BehaviourTests {

	@Test
	void aPayloadMayBeAPrimitive() throws Exception {
		try (Worker worker = run(Primitives.class, TWO_CONSUMERS)) {
			publishTo(worker, "jobs.worker", "5");
			publishTo(worker, "jobs.other", "true");
			handles(worker, 5, true);
			publishTo(worker, "jobs.worker", "");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is empty");
		}
	}

	@Test
	void anArrayMayBeVariableArguments() throws Exception {
		try (Worker worker = run(Varargs.class)) {
			publish(worker, "[\"a\", \"b\"]");
			handles(worker, List.of("a", "b"));
		}
	}

	@Test
	void elementsOfABatchMayBeListsThemselves() throws Exception {
		try (Worker worker = run(ListsInBatch.class)) {
			publish(worker, "[1, 2]");
			handles(worker, "[1, 2] [1, 2]");
		}
	}

	@Test
	void aLambdaMayBeAListenerByTheAnnotationOfItsInterface() throws Exception {
		try (Worker worker = run(Lambda.class)) {
			publish(worker, "a");
			handles(worker, "a");
		}
	}

	@Test
	void aProxyOfOnesOwnMayBeAListenerByTheAnnotationOfItsInterface() throws Exception {
		try (Worker worker = run(OwnProxy.class)) {
			publish(worker, "a");
			handles(worker, "a");
		}
	}

	@Test
	void aPrivateMethodOfAnInterfaceIsAListener() throws Exception {
		try (Worker worker = run(OfPrivateMethod.class)) {
			publish(worker, "a");
			handles(worker, "a");
		}
	}

	@Test
	void aListenerMayBeAnEventListenerToo() {
		try (Worker worker = run(ForEvents.class)) {
			worker.context().publishEvent(Order.of("event"));
			worker.template().publish("jobs.worker", Order.of("message"));
			handles(worker, "event", "message");
		}
	}

	@Test
	void aBeanMayHandleJobsAndTheirDeadLetters() throws Exception {
		try (Worker worker = run(WithDeadLetters.class)) {
			publish(worker, "a");
			handles(worker, "job a", "dead a");
		}
	}

	@Test
	void aConfigurationClassBehindItsProxyIsAListener() throws Exception {
		try (Worker worker = run(FullConfiguration.class)) {
			publish(worker, "a");
			handles(worker, "a");
		}
	}

	@Test
	void anAnnotationOfOnesOwnMayBeOneOfHandlers() {
		try (Worker worker = run(WithHandlers.class)) {
			worker.template().publish("jobs.a", Order.of("a"));
			handles(worker, "order a");
		}
	}

	@Test
	void elementsOfAListThatIsThePayloadAreValidated() throws Exception {
		try (Worker worker = run(ValidList.class)) {
			publish(worker, "[{\"name\": \"a\"}, {\"name\": \"\"}]");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is not valid: [1].name (NotBlank)");
		}
	}

	@Test
	void valuesOfAMapThatIsThePayloadAreValidatedAndItsKeysNotQuoted() throws Exception {
		try (Worker worker = run(ValidMap.class)) {
			publish(worker, "{\"secret\": {\"name\": \"\"}}");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is not valid: [*].name (NotBlank)");
		}
	}

	@Test
	void theTypeOfThePayloadMayBeAnnotatedWhereItIsAnArgument() throws Exception {
		try (Worker worker = run(ValidInMessage.class)) {
			publish(worker, "{\"name\": \"\"}");
			assertThat(reasonOfDeadLetter(worker)).isEqualTo("The payload is not valid: name (NotBlank)");
		}
	}

	@Test
	void anInterfaceIsReadIfAHandlerOfAnotherBeanTakesAClassOfIt() throws Exception {
		try (Worker worker = run(List.of(AnyShape.class, Circles.class), TWO_CONSUMERS)) {
			publishTo(worker, "jobs.worker", "{\"radius\": 3}", "Message-Type", "circle");
			handles(worker, new Circle(3));
		}
	}

	static class Primitives extends Noting {

		Primitives(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(int number) {
			note(number);
		}

		@JetStreamListener("other")
		void handle(boolean flag) {
			note(flag);
		}

	}

	static class Varargs extends Noting {

		Varargs(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(String... jobs) {
			note(List.of(jobs));
		}

	}

	static class ListsInBatch extends Noting {

		ListsInBatch(Notes notes) {
			super(notes);
		}

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<Message<List<Integer>>> messages, List<Optional<List<Integer>>> payloads) {
			note(messages.get(0).getPayload() + " " + payloads.get(0).orElseThrow());
		}

	}

	static class ForEvents extends Noting {

		ForEvents(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		@EventListener
		void handle(Order order) {
			note(order.id());
		}

	}

	@Configuration
	static class FullConfiguration extends Noting {

		FullConfiguration(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		protected void handle(String job) {
			note(job);
		}

	}

	static class ValidList extends Noting {

		ValidList(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Payload @Valid List<Named> payload) {
			note(payload);
		}

	}

	static class ValidMap extends Noting {

		ValidMap(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(@Valid Map<String, Named> payload) {
			note(payload);
		}

	}

	static class ValidInMessage extends Noting {

		ValidInMessage(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(Message<@Valid Named> message) {
			note(message.getPayload());
		}

	}

	static class AnyShape extends Noting {

		AnyShape(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(Shape shape) {
			note(shape);
		}

	}

	interface JobHandler {

		@JetStreamListener("worker")
		void handle(String job);

	}

	@Configuration(proxyBeanMethods = false)
	static class Lambda {

		@Bean
		JobHandler handler(Notes notes) {
			return notes::add;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnProxy {

		@Bean
		JobHandler handler(Notes notes) {
			return (JobHandler) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { JobHandler.class },
					(proxy, method, arguments) -> switch (method.getName()) {
						case "handle" -> {
							notes.add(arguments[0]);
							yield null;
						}
						case "equals" -> proxy == arguments[0];
						case "hashCode" -> System.identityHashCode(proxy);
						default -> "a proxy";
					});
		}

	}

	interface WithPrivateMethod {

		Notes notes();

		@JetStreamListener("worker")
		private void handle(String job) {
			notes().add(job);
		}

	}

	record OfPrivateMethod(Notes notes) implements WithPrivateMethod {
	}

	static class WithDeadLetters extends Noting {

		WithDeadLetters(Notes notes) {
			super(notes);
		}

		@JetStreamListener(value = "worker", noRetryFor = IllegalStateException.class)
		void handle(String job) {
			note("job " + job);
			throw new IllegalStateException("expected");
		}

		@DeadLetterListener("worker")
		void handle(StoredDeadLetter letter, String job) {
			note("dead " + job);
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@JetStreamHandler
	@interface On {

		@AliasFor(annotation = JetStreamHandler.class, attribute = "subjects")
		String[] value();

	}

	@JetStreamListener("worker")
	static class WithHandlers extends Noting {

		WithHandlers(Notes notes) {
			super(notes);
		}

		@On("jobs.*")
		void handle(Order order) {
			note("order " + order.id());
		}

	}

	record Named(@NotBlank String name) {
	}

	interface Shape {

	}

	record Circle(int radius) implements Shape {
	}

	@JetStreamListener("other")
	static class Circles {

		@JetStreamHandler
		void handle(Circle circle) {
		}

	}

}
