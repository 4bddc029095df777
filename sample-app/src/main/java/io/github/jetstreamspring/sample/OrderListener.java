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

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;
import org.springframework.validation.annotation.Validated;

/**
 * Charges orders and asks for a mail.
 */
@Component
class OrderListener {

	private static final Logger logger = LoggerFactory.getLogger(OrderListener.class);

	private final PaymentService payments;

	private final JetStreamTemplate template;

	OrderListener(PaymentService payments, JetStreamTemplate template) {
		this.payments = payments;
		this.template = template;
	}

	// tag::listener[]
	@JetStreamListener("order-worker")
	void charge(@Payload @Validated Order order, Delivery delivery) {
		this.payments.charge(order);
		logger.info("Charged order {} of {} at attempt {}", order.id(), order.customer(), delivery.attempt());
		// The id makes sure that there is one mail, even if this order is handled twice
		this.template.message(new Mail(order.customer(), "Your order " + order.id() + " is paid"))
			.to("mails.receipt")
			.id("receipt-" + order.id())
			.publish();
	}
	// end::listener[]

}
