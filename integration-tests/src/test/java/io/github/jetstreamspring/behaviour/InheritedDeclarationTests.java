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

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.annotation.Worker;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.handler.annotation.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What classes inherit of their interfaces and superclasses is declared, too.
 */
class InheritedDeclarationTests extends BehaviourTests {

	@Test
	void anAnnotatedMethodOfAnInterfaceMakesListenersOfItsClasses() {
		try (Worker worker = run(OfInterface.class)) {
			worker.template().publish("jobs.a", "a");
			handles(worker, "a");
		}
	}

	@Test
	void anAnnotatedDefaultMethodIsAListener() {
		try (Worker worker = run(OfDefaultMethod.class)) {
			worker.template().publish("jobs.a", "a");
			handles(worker, "a");
		}
	}

	@Test
	void anInheritedMethodIsAListenerWithTheTypesOfTheSubclass() {
		try (Worker worker = run(OfGenericSuperclass.class)) {
			worker.template().publish("jobs.a", Order.of("a"));
			handles(worker, Order.of("a"));
		}
	}

	@Test
	void aMethodThatOverridesAGenericOneIsOneListenerInSpiteOfItsBridge() {
		try (Worker worker = run(Bridged.class)) {
			assertThat(worker.listeners().ids()).containsExactly("worker");
			worker.template().publish("jobs.a", Order.of("a"));
			handles(worker, "bridged a");
		}
	}

	@Test
	void anOverridingMethodWithoutAnnotationIsTheListener() {
		try (Worker worker = run(Overriding.class)) {
			worker.template().publish("jobs.a", "a");
			handles(worker, "overriding a");
		}
	}

	interface JobHandler {

		@JetStreamListener("worker")
		void handle(@Payload String job);

	}

	static class OfInterface extends Noting implements JobHandler {

		OfInterface(Notes notes) {
			super(notes);
		}

		@Override
		public void handle(String job) {
			note(job);
		}

	}

	interface WithDefault {

		Notes notes();

		@JetStreamListener("worker")
		default void handle(String job) {
			notes().add(job);
		}

	}

	record OfDefaultMethod(Notes notes) implements WithDefault {
	}

	abstract static class GenericHandler<T> extends Noting {

		GenericHandler(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(T payload) {
			note(payload);
		}

	}

	static class OfGenericSuperclass extends GenericHandler<Order> {

		OfGenericSuperclass(Notes notes) {
			super(notes);
		}

	}

	static class Bridged extends GenericHandler<Order> {

		Bridged(Notes notes) {
			super(notes);
		}

		@Override
		@JetStreamListener("worker")
		void handle(Order order) {
			note("bridged " + order.id());
		}

	}

	static class Overridden extends Noting {

		Overridden(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(String job) {
			note("overridden " + job);
		}

	}

	static class Overriding extends Overridden {

		Overriding(Notes notes) {
			super(notes);
		}

		@Override
		void handle(String job) {
			note("overriding " + job);
		}

	}

}
