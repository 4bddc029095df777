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

package io.github.jetstreamspring.boot.modulith;

import java.util.List;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.Externalized;
import org.springframework.transaction.annotation.Transactional;

/**
 * An application that stores orders, and says so to others.
 */
@SpringBootApplication(proxyBeanMethods = false)
class Shop {

	private final JdbcClient database;

	private final ApplicationEventPublisher events;

	Shop(JdbcClient database, ApplicationEventPublisher events) {
		this.database = database;
		this.events = events;
	}

	// tag::place[]
	@Transactional
	public void place(String order) {
		this.database.sql("INSERT INTO orders (id) VALUES (?)").param(order).update();
		this.events.publishEvent(new OrderPlaced(order));
	}
	// end::place[]

	@Transactional
	public void placeAndFail(String order) {
		place(order);
		throw new IllegalStateException("out of stock");
	}

	@Transactional
	public void publish(List<?> several) {
		several.forEach(this.events::publishEvent);
	}

	// tag::event[]
	@Externalized("orders.placed")
	record OrderPlaced(String id) {
	}
	// end::event[]

	// tag::key[]
	@Externalized("orders.paid::#{id()}")
	record OrderPaid(String id) {
	}
	// end::key[]

	record Internal(String id) {
	}

}
