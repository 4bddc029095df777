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

package io.github.jetstreamspring.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.nats.client.Connection;
import io.nats.client.MessageConsumer;

/**
 * A program without Spring that handles its first message by the client's
 * {@code consume()}. The benchmark runs it in a process of its own, with the server's
 * URL.
 */
final class StartupRaw {

	private static final long TIMEOUT_SECONDS = 30;

	private StartupRaw() {
	}

	public static void main(String[] args) throws Exception {
		CountDownLatch handled = new CountDownLatch(1);
		Figures figures = new Figures();
		Connection connection = RawConnections.open(args[0], "raw");
		MessageConsumer consumer = connection.getConsumerContext(Startup.STREAM, Startup.CONSUMER)
			.consume((message) -> {
				figures.with("first-message", Vitals.seconds());
				message.ack();
				handled.countDown();
			});
		double ready = Vitals.seconds();
		if (!handled.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("No message came");
		}
		System.out.println(Vitals.addTo(figures.with("ready", ready)));
		consumer.close();
		RawConnections.close(connection);
	}

}
