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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Has one delivery in hand that came from no server, and notes what becomes of it.
 */
final class DetachedRun extends ConsumerOwner {

	private final ReceivedDelivery delivery;

	private final CompletableFuture<DetachedOutcome> settled = new CompletableFuture<>();

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private volatile @Nullable Duration delay;

	private volatile @Nullable String reason;

	DetachedRun(DetachedListener listener, Message message) {
		super(listener.definition(), listener.definition().source(), listener.settler(), listener.seals(),
				listener.replyAddresses());
		this.delivery = new ReceivedDelivery(message, this);
	}

	static DetachedRun of(Delivery delivery) {
		return (DetachedRun) ((ReceivedDelivery) delivery).owner();
	}

	ReceivedDelivery delivery() {
		return this.delivery;
	}

	/**
	 * Returns a future that completes when the delivery is settled and its handler has
	 * ended, in whichever order.
	 */
	CompletableFuture<DetachedOutcome> outcome() {
		return this.settled.thenCombine(this.done, (outcome, nothing) -> outcome);
	}

	void settled(Settlement settlement, @Nullable Throwable failure) {
		this.settled.complete(new DetachedOutcome(this.delivery, settlement, this.delay, this.reason, failure));
	}

	void deadLetter(String why) {
		this.reason = why;
	}

	@Override
	public void retry(ReceivedDelivery received, Duration next, Consumer<Duration> nak) {
		this.delay = next;
		nak.accept(next);
	}

	@Override
	public void extended() {
	}

	@Override
	public void done(ReceivedDelivery received) {
		this.done.complete(null);
	}

}
