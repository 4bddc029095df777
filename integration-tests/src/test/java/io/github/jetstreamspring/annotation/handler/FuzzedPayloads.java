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

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.protobuf.StringValue;
import io.cloudevents.CloudEvent;
import tools.jackson.databind.JsonNode;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Payload;

/**
 * Methods that take what publishers have sent as what they say it is.
 */
class FuzzedPayloads {

	void order(Order order) {
	}

	void message(Message<Order> message) {
	}

	void sealed(Shape shape) {
	}

	void anything(Holder holder) {
	}

	void map(Map<String, Object> map) {
	}

	void list(@Payload List<Order> list) {
	}

	void tree(JsonNode tree) {
	}

	void number(long number) {
	}

	void large(BigInteger number) {
	}

	void decimal(BigDecimal number) {
	}

	void duration(Duration duration) {
	}

	void instant(Instant instant) {
	}

	void text(String text) {
	}

	void bytes(byte[] bytes) {
	}

	void event(CloudEvent event) {
	}

	void protobuf(StringValue value) {
	}

	record Order(String id, int cents, BigDecimal scale, List<Map<String, Object>> items) {
	}

	record Holder(Object id, Object items) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "@type")
	@JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
	sealed interface Shape permits Circle {

	}

	record Circle(double radius) implements Shape {
	}

	/**
	 * What no message may have made.
	 */
	static class Gadget {

		static final AtomicBoolean made = new AtomicBoolean();

		Gadget() {
			made.set(true);
		}

	}

}
