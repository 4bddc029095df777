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

package io.github.jetstreamspring.once;

import io.github.jetstreamspring.annotation.JetStreamListener;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.Externalized;
import org.springframework.transaction.annotation.Transactional;

/**
 * Ships what was ordered: an outbox at one end, and effects once at the other.
 */
class Orders {

	private final JdbcClient database;

	private final ApplicationEventPublisher events;

	Orders(JdbcClient database, ApplicationEventPublisher events) {
		this.database = database;
		this.events = events;
	}

	// tag::outbox[]
	@Transactional
	public void place(String order) {
		this.database.sql("INSERT INTO orders (id) VALUES (?)").param(order).update();
		this.events.publishEvent(new OrderPlaced(order));
	}

	@JetStreamListener(value = "shipping", once = "message-id")
	void ship(OrderPlaced order) {
		this.database.sql("INSERT INTO parcels (order_id) VALUES (?)").param(order.id()).update();
	}
	// end::outbox[]

	@Externalized("orders.placed")
	record OrderPlaced(String id) {

	}

	@SpringBootApplication(proxyBeanMethods = false)
	@ComponentScan(useDefaultFilters = false)
	static class Application {

		@Bean
		Orders orders(JdbcClient database, ApplicationEventPublisher events) {
			return new Orders(database, events);
		}

	}

}
