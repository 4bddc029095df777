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

package io.github.jetstreamspring.sample;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Customers that order something every second.
 */
@TestConfiguration(proxyBeanMethods = false)
@EnableScheduling
class DemoCustomers {

	private static final Logger logger = LoggerFactory.getLogger(DemoCustomers.class);

	private static final List<String> CUSTOMERS = List.of("alice", "bob", "carol", "mallory", "dave");

	private static final int GARBAGE_EVERY = 7;

	private final AtomicInteger count = new AtomicInteger();

	private final JetStreamTemplate template;

	DemoCustomers(JetStreamTemplate template) {
		this.template = template;
	}

	@Scheduled(initialDelay = 1000, fixedRate = 1000)
	void order() {
		int number = this.count.incrementAndGet();
		if (number % GARBAGE_EVERY == 0) {
			logger.info("Somebody sends an order that can't be decoded");
			this.template.publish("orders.created", "this is not JSON");
			return;
		}
		Order order = new Order("order-" + number, CUSTOMERS.get(number % CUSTOMERS.size()), 995);
		logger.info("{} orders {}", order.customer(), order.id());
		this.template.message(order).to("orders.created").id(order.id()).publish();
	}

}
