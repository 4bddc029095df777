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

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Books payments.
 */
class Ledger {

	private final JdbcClient database;

	Ledger(JdbcClient database) {
		this.database = database;
	}

	// tag::handler[]
	@JetStreamListener(value = "ledger", once = "true")
	void book(Payment payment) {
		this.database.sql("INSERT INTO bookings (payment, cents) VALUES (?, ?)")
			.params(payment.id(), payment.cents())
			.update();
	}
	// end::handler[]

	record Payment(String id, long cents) {

	}

}
