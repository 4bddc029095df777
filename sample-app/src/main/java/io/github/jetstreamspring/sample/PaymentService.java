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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.stereotype.Service;

/**
 * Stands for the payment provider, with customers that show what can go wrong.
 */
@Service
class PaymentService {

	private final Set<String> timedOut = ConcurrentHashMap.newKeySet();

	private final Set<String> declined = ConcurrentHashMap.newKeySet();

	PaymentService() {
		this.declined.addAll(Set.of("mallory", "trudy"));
	}

	/**
	 * Charges an order: the first attempt for an order of "bob" times out, and the card
	 * of "mallory" is declined until there is another one.
	 * @param order the order
	 * @throws IllegalStateException if the order can't be charged
	 */
	void charge(Order order) {
		if (order.customer().equals("bob") && this.timedOut.add(order.id())) {
			throw new IllegalStateException("the payment provider did not answer");
		}
		if (this.declined.contains(order.customer())) {
			throw new IllegalStateException("the card was declined");
		}
	}

	/**
	 * A customer has a card that can be charged.
	 * @param customer the customer
	 */
	void renewCard(String customer) {
		this.declined.remove(customer);
	}

}
