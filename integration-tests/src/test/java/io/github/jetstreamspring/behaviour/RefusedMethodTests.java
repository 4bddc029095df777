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

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Order;
import io.github.jetstreamspring.listener.Delivery;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Methods that no message can ever be handed to, or whose author means something else.
 */
class RefusedMethodTests extends BehaviourTests {

	@ParameterizedTest
	@MethodSource("methods")
	void aMethodThatCantHandleMessagesIsRefusedWithWhatToDo(Class<?> bean, List<String> words) {
		assertThat(refused(bean)).singleElement().asString().contains(words);
	}

	static Stream<Arguments> methods() {
		return Stream.of(arguments(Projection.class, List.of("takes Part, which no payload can be read as")),
				arguments(AbstractClass.class, List.of("takes Abstract, which no payload can be read as")),
				arguments(ProjectionInMessage.class, List.of("takes Part, which")),
				arguments(ProjectionsInBatch.class, List.of("takes Part, which")),
				arguments(ProjectionsInList.class, List.of("takes Part, which")),
				arguments(ProjectionsInMap.class, List.of("takes Part, which")),
				arguments(ProjectionsInArray.class, List.of("takes Part, which")),
				arguments(OpenStream.class, List.of("takes InputStream, which no payload can be read as")),
				arguments(OptionalMessage.class, List.of("takes the payload as Message", "Take Message itself")),
				arguments(OptionalDelivery.class, List.of("takes the payload as Delivery")),
				arguments(DeliveryAsPayload.class, List.of("takes the payload as Delivery", "without @Payload")),
				arguments(ClientsMessageAsPayload.class, List.of("takes the payload as Message")),
				arguments(LaterPayload.class, List.of("the payload is there when the method is called")),
				arguments(PartOfSubject.class, List.of("has @DestinationVariable, which means nothing here")),
				arguments(Setting.class, List.of("has @Value, which means nothing here")),
				arguments(MissingNumber.class,
						List.of("'number' may be missing, but is of type int", "Make it of type Integer")),
				arguments(MissingHeader.class,
						List.of("header 'count' may be missing, but is of type int", "defaultValue")),
				arguments(OfAnyType.class, List.of("nothing says of which type")),
				arguments(HandlerOfClass.class, List.of("takes Part, which")),
				arguments(OnBeanMethod.class, List.of("the method makes a bean", "that of the bean's class")),
				arguments(OfArrays.class, List.of("batch is true, but no parameter is a List")),
				arguments(OnBothSides.class, List.of("@JetStreamHandler, but its class is no listener")),
				arguments(GenericBean.class, List.of("nothing says of which type parameter 'payload' is")),
				arguments(Lambda.class, List.of("nothing says of which type", "a class of its own")),
				arguments(Static.class, List.of("the method is static")));
	}

	interface Part {

		String getId();

	}

	abstract static class Abstract {

	}

	static class GenericHandler<T> {

		@JetStreamListener("worker")
		void handle(T payload) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class GenericBean {

		@Bean
		GenericHandler<Order> handler() {
			return new GenericHandler<>();
		}

	}

	interface GenericFunction<T> {

		@JetStreamListener("worker")
		void handle(T payload);

	}

	@Configuration(proxyBeanMethods = false)
	static class Lambda {

		@Bean
		GenericFunction<Order> handler(Notes notes) {
			return (order) -> notes.add(order.id());
		}

	}

	interface WithStatic {

		@JetStreamListener("worker")
		static void handle(String job) {
		}

	}

	static class Static implements WithStatic {

	}

	static class Projection {

		@JetStreamListener("worker")
		void handle(Part order) {
		}

	}

	static class AbstractClass {

		@JetStreamListener("worker")
		void handle(Abstract order) {
		}

	}

	static class ProjectionInMessage {

		@JetStreamListener("worker")
		void handle(Message<Part> order) {
		}

	}

	static class ProjectionsInBatch {

		@JetStreamListener(value = "worker", batch = true)
		void handle(List<Part> orders) {
		}

	}

	static class ProjectionsInList {

		@JetStreamListener("worker")
		void handle(@Payload List<Part> orders) {
		}

	}

	static class ProjectionsInMap {

		@JetStreamListener("worker")
		void handle(Map<String, Part> orders) {
		}

	}

	static class ProjectionsInArray {

		@JetStreamListener("worker")
		void handle(Part... orders) {
		}

	}

	static class OpenStream {

		@JetStreamListener("worker")
		void handle(InputStream order) {
		}

	}

	static class OptionalMessage {

		@JetStreamListener("worker")
		void handle(Optional<Message<Order>> order) {
		}

	}

	static class OptionalDelivery {

		@JetStreamListener("worker")
		void handle(Optional<Delivery> delivery) {
		}

	}

	static class DeliveryAsPayload {

		@JetStreamListener("worker")
		void handle(@Payload Delivery delivery) {
		}

	}

	static class ClientsMessageAsPayload {

		@JetStreamListener("worker")
		void handle(@Payload io.nats.client.Message message) {
		}

	}

	static class LaterPayload {

		@JetStreamListener("worker")
		void handle(CompletableFuture<Order> order) {
		}

	}

	static class PartOfSubject {

		@JetStreamListener("worker")
		void handle(@DestinationVariable String id) {
		}

	}

	static class Setting {

		@JetStreamListener("worker")
		void handle(@Value("${java.home}") String home) {
		}

	}

	static class MissingNumber {

		@JetStreamListener("worker")
		void handle(@Payload(required = false) int number) {
		}

	}

	static class MissingHeader {

		@JetStreamListener("worker")
		void handle(@Header(name = "count", required = false) int number) {
		}

	}

	static class OfAnyType {

		@JetStreamListener("worker")
		<T> void handle(T payload) {
		}

	}

	@JetStreamListener("worker")
	static class HandlerOfClass {

		@JetStreamHandler(isDefault = true)
		void handle(Part order) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnBeanMethod {

		@Bean
		@JetStreamListener("worker")
		Consumer<Order> handler(Notes notes) {
			return notes::add;
		}

	}

	static class OfArrays {

		@JetStreamListener(value = "worker", batch = true)
		void handle(Order... orders) {
		}

	}

	static class OnBothSides {

		@JetStreamListener("worker")
		@JetStreamHandler
		void handle(Order order) {
		}

	}

}
