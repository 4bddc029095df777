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
import io.github.jetstreamspring.once.Ledger.Payment;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * A worker in a process of its own, to be killed, or to be measured.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class LedgerWorker {

	private final JdbcClient database;

	private final double pause;

	LedgerWorker(JdbcClient database, @Value("${worker.pause:0}") double pause) {
		this.database = database;
		this.pause = pause;
	}

	public static void main(String[] arguments) {
		new SpringApplicationBuilder(LedgerWorker.class).web(WebApplicationType.NONE).run(arguments);
	}

	// Where messages aren't handled once, the transaction is its own
	@Transactional
	@JetStreamListener("ledger")
	public void book(Payment payment) {
		this.database.sql("INSERT INTO bookings (payment, cents) VALUES (?, ?)")
			.params(payment.id(), payment.cents())
			.update();
		if (this.pause > 0) {
			// With the row in an open transaction
			this.database.sql("SELECT pg_sleep(?)").param(this.pause).query().listOfRows();
		}
	}

}
