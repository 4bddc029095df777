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

package io.github.jetstreamspring.test.slice;

import java.util.List;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;

import org.springframework.messaging.handler.annotation.SendTo;

/**
 * Listeners that are no components.
 */
class PlainListener {

	private final JetStreamTemplate template;

	PlainListener(JetStreamTemplate template) {
		this.template = template;
	}

	@JetStreamListener(stream = "orders", consumer = "plain", subjects = "orders.*.plain")
	@SendTo("orders.done")
	String handle(Order order, Delivery delivery) {
		return order.number() + " of " + delivery.subject();
	}

	@JetStreamListener(stream = "orders", consumer = "several", subjects = { "orders.a", "orders.b" }, batch = true)
	void several(List<Order> orders) {
		this.template.publish("orders.counted", orders.size());
	}

	@JetStreamListener(stream = "elsewhere", consumer = "foreign")
	void foreign(String text) {
	}

}
