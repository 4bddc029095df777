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

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import jakarta.validation.Valid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes orders. The answer means that the order is safe in the queue, not that it is
 * done.
 */
@RestController
class OrderController {

	private static final Logger logger = LoggerFactory.getLogger(OrderController.class);

	private final JetStreamTemplate template;

	private final PaymentService payments;

	OrderController(JetStreamTemplate template, PaymentService payments) {
		this.template = template;
		this.payments = payments;
	}

	@PostMapping("/customers/{customer}/card")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void renewCard(@PathVariable String customer) {
		logger.info("{} has another card", customer);
		this.payments.renewCard(customer);
	}

	// tag::publish[]
	@PostMapping("/orders")
	@ResponseStatus(HttpStatus.ACCEPTED)
	PublishResult order(@Valid @RequestBody Order order) {
		// The order's number as message id: a client that repeats its request because the
		// answer got lost doesn't order twice
		return this.template.message(order).to("orders.created").id(order.id()).publish();
	}
	// end::publish[]

}
