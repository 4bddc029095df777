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

package io.github.jetstreamspring.migration;

import java.time.Duration;

import io.nats.client.Connection;
import io.nats.client.MessageConsumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * A consumer of the client alone.
 */
class JnatsOrders {

	private final Orders orders;

	private final JsonMapper mapper;

	JnatsOrders(Orders orders, JsonMapper mapper) {
		this.orders = orders;
		this.mapper = mapper;
	}

	// tag::listener[]
	MessageConsumer consume(Connection connection) throws Exception {
		return connection.getConsumerContext("orders", "order-worker").consume((message) -> {
			try {
				this.orders.charge(this.mapper.readValue(message.getData(), Order.class));
				message.ack();
			}
			catch (RuntimeException ex) {
				message.nakWithDelay(Duration.ofSeconds(5));
			}
		});
	}
	// end::listener[]

}
