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

package io.github.jetstreamspring.docs.testing;

import java.time.Duration;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import jakarta.validation.Valid;

import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;

/**
 * The listener under test.
 */
// tag::listener[]
@Component
class OrderListener {

	private final Stock stock;

	private final JetStreamTemplate template;

	OrderListener(Stock stock, JetStreamTemplate template) {
		this.stock = stock;
		this.template = template;
	}

	@JetStreamListener("order-worker")
	void handle(@Payload @Valid Order order) {
		if (!this.stock.reserve(order)) {
			throw new DeadLetterException("sold out");
		}
		this.template.publish("mails.receipt", order.number());
		this.template.message(order.number()).to("mails.survey").delay(Duration.ofDays(7)).publish();
	}

}
// end::listener[]
