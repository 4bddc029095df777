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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * An owner of deliveries without a listener.
 */
final class TestOwner implements DeliveryOwner {

	private final Settler settler;

	private Function<Message, RetryHistory> history = (message) -> RetryHistory.NONE;

	private Intake intake = (delivery) -> {
	};

	private Consumer<ReceivedDelivery> onDone = (delivery) -> {
	};

	TestOwner(Settler settler) {
		this.settler = settler;
	}

	TestOwner history(Function<Message, RetryHistory> history) {
		this.history = history;
		return this;
	}

	TestOwner intake(Intake intake) {
		this.intake = intake;
		return this;
	}

	TestOwner onDone(Consumer<ReceivedDelivery> onDone) {
		this.onDone = onDone;
		return this;
	}

	@Override
	public Settler settler() {
		return this.settler;
	}

	@Override
	public String stream() {
		return "orders";
	}

	@Override
	public String consumer() {
		return "worker";
	}

	@Override
	public String firstAttempt() {
		return "$JS.ACK.orders.worker.1.";
	}

	@Override
	public RetryHistory history(Message message) {
		return this.history.apply(message);
	}

	@Override
	public boolean hasDeleteMarkers() {
		return false;
	}

	@Override
	public @Nullable String replyTo(ReceivedDelivery delivery) {
		return null;
	}

	@Override
	public void retry(ReceivedDelivery delivery, Duration delay, Consumer<Duration> nak) {
		this.intake.retry(delivery, delay, nak);
	}

	@Override
	public void extended() {
	}

	@Override
	public void done(ReceivedDelivery delivery) {
		this.onDone.accept(delivery);
	}

}
