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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.guard.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Runs the handler for one delivery and settles the delivery.
 */
final class DeliveryWork extends Work {

	private final ReceivedDelivery delivery;

	private final DeliveryHandler handler;

	private final OutcomeDecider decider;

	private final HandlerObserver observer;

	private final FollowedRuns runs;

	DeliveryWork(ReceivedDelivery delivery, DeliveryHandler handler, OutcomeDecider decider, Settler settler,
			HandlerObserver observer, FollowedRuns runs) {
		super(settler);
		this.delivery = delivery;
		this.handler = handler;
		this.decider = decider;
		this.observer = observer;
		this.runs = runs;
	}

	@Override
	List<ReceivedDelivery> deliveries() {
		return List.of(this.delivery);
	}

	// As there may be no memory for a list
	@Override
	void abort(Throwable problem) {
		abort(this.delivery, problem);
	}

	@Override
	protected @Nullable CompletableFuture<?> handle() {
		Outcome withoutHandler = this.decider.withoutHandler(this.delivery);
		if (withoutHandler != null) {
			settle(this.delivery, withoutHandler);
			return null;
		}
		if (!this.delivery.begin(this)) {
			settleCancelled(this.delivery);
			return null;
		}
		FollowedRun run = this.runs.start(this.delivery);
		if (run == null) {
			return call(null);
		}
		FollowedRun.Scope scope = this.runs.enter(run);
		try {
			return call(run);
		}
		finally {
			this.runs.close(scope);
		}
	}

	private @Nullable CompletableFuture<?> call(@Nullable FollowedRun run) {
		CompletionStage<?> pending;
		try {
			pending = this.handler.handle(this.delivery, this.delivery.message());
		}
		catch (Throwable ex) {
			// An Error is the handler's too: a missing class must not end the worker
			ended(run, ex);
			return null;
		}
		if (pending == null) {
			ended(run, null);
			return null;
		}
		CompletableFuture<?> future = HandlerStage.of(pending);
		this.delivery.run().goOn(future);
		return future.handle((result, failure) -> {
			try {
				endedElsewhere(run, Failures.unwrap(failure));
			}
			catch (Throwable ex) {
				abort(ex);
			}
			return null;
		});
	}

	private void endedElsewhere(@Nullable FollowedRun run, @Nullable Throwable failure) {
		FollowedRun.Scope scope = (run != null) ? this.runs.enter(run) : null;
		try {
			ended(run, failure);
		}
		finally {
			if (scope != null) {
				this.runs.close(scope);
			}
		}
	}

	private void ended(@Nullable FollowedRun run, @Nullable Throwable failure) {
		Throwable handled = (failure != null) ? this.decider.handled(failure, this.delivery) : null;
		this.delivery.end();
		this.observer.ran(this.delivery.runNanos(), 1, failure);
		Outcome outcome = outcome(this.delivery, handled, this.decider);
		if (run != null) {
			this.runs.ended(run, settlement(this.delivery, outcome), this.delivery.runNanos(), failure);
		}
		settle(this.delivery, outcome);
	}

}
