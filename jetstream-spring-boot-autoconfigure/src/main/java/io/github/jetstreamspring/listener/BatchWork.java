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

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.jetstreamspring.guard.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Runs the handler for a batch of deliveries and settles each of them.
 */
final class BatchWork extends Work {

	private final List<ReceivedDelivery> deliveries;

	private final BatchHandler handler;

	private final Interceptors interceptors;

	private final Executor executor;

	private final OutcomeDecider decider;

	private final HandlerObserver observer;

	private final FollowedRuns runs;

	// Null if messages are handled at least once
	private final @Nullable Once once;

	BatchWork(List<ReceivedDelivery> deliveries, BatchHandler handler, Interceptors interceptors, Executor executor,
			OutcomeDecider decider, Settler settler, HandlerObserver observer, FollowedRuns runs, @Nullable Once once) {
		super(settler);
		this.deliveries = deliveries;
		this.handler = handler;
		this.interceptors = interceptors;
		this.executor = executor;
		this.decider = decider;
		this.observer = observer;
		this.runs = runs;
		this.once = once;
	}

	@Override
	List<ReceivedDelivery> deliveries() {
		return this.deliveries;
	}

	@Override
	protected @Nullable CompletableFuture<?> handle() {
		List<Element> batch = new ArrayList<>(this.deliveries.size());
		for (ReceivedDelivery delivery : this.deliveries) {
			Element element = read(delivery);
			if (element != null) {
				batch.add(element);
			}
		}
		CompletableFuture<?> pending = handle(batch);
		return (pending == null) ? null : pending.whenComplete((result, problem) -> {
			if (problem != null) {
				abort(problem);
			}
		});
	}

	private @Nullable Element read(ReceivedDelivery delivery) {
		Outcome withoutHandler = this.decider.withoutHandler(delivery);
		if (withoutHandler != null) {
			settle(delivery, withoutHandler);
			return null;
		}
		if (!delivery.begin(this)) {
			settleCancelled(delivery);
			return null;
		}
		try {
			return new Element(delivery, this.handler.read(delivery, delivery.message()));
		}
		catch (Throwable ex) {
			failed(delivery, ex);
			return null;
		}
	}

	/**
	 * Handles a batch, and after one of it has failed the rest, until nothing is left.
	 */
	private @Nullable CompletableFuture<?> handle(List<Element> batch) {
		List<Element> rest = batch;
		while (!rest.isEmpty()) {
			List<Element> next = rest;
			List<Element> later = List.of();
			if (this.once != null) {
				Set<ReceivedDelivery> distinct = this.once.distinct(rest.stream().map(Element::delivery).toList());
				next = rest.stream().filter((element) -> distinct.contains(element.delivery())).toList();
				later = rest.stream().filter((element) -> !distinct.contains(element.delivery())).toList();
			}
			List<Delivery> deliveries = next.stream().<Delivery>map(Element::delivery).toList();
			Call call = new Call(next, deliveries, this.runs.start(deliveries), System.nanoTime());
			Result result = within(call, () -> handle(call));
			if (result.pending() != null) {
				return result.pending();
			}
			rest = Stream.concat(result.rest().stream(), later.stream()).toList();
		}
		return null;
	}

	private <T> T within(Call call, Supplier<T> action) {
		FollowedRun run = call.run();
		if (run == null) {
			return action.get();
		}
		FollowedRun.Scope scope = this.runs.enter(run);
		try {
			return action.get();
		}
		finally {
			this.runs.close(scope);
		}
	}

	private Result handle(Call call) {
		CompletionStage<?> pending;
		try {
			List<Object> values = call.batch().stream().map(Element::value).toList();
			pending = this.interceptors.aroundBatch(call.deliveries(), () -> handle(call, values));
		}
		catch (Throwable ex) {
			return new Result(null, comeBack(ended(call, ex)));
		}
		if (pending == null) {
			List<Element> rest = ended(call, null);
			return new Result(null, rest.isEmpty() ? rest : comeBack(rest));
		}
		CompletableFuture<?> future = HandlerStage.of(pending);
		call.batch().forEach((element) -> element.delivery().run().goOn(future));
		return new Result(future.handle((result, failure) -> within(call, () -> ended(call, Failures.unwrap(failure))))
			.thenCompose(this::handleRest), List.of());
	}

	private @Nullable CompletionStage<?> handle(Call call, List<Object> values) throws Exception {
		if (this.once == null) {
			return this.handler.handle(values);
		}
		this.once.handle(call.batch().stream().map(Element::delivery).toList(), () -> this.handler.handle(values));
		return null;
	}

	private CompletionStage<?> handleRest(List<Element> rest) {
		// Whoever completed the handler, such as a thread of the client, must not block
		return rest.isEmpty() ? CompletableFuture.completedFuture(null)
				: CompletableFuture.supplyAsync(() -> handleRestHere(rest), this.executor)
					.thenCompose(Function.identity());
	}

	private CompletionStage<?> handleRestHere(List<Element> rest) {
		CompletionStage<?> pending = handle(comeBack(rest));
		return (pending != null) ? pending : CompletableFuture.completedFuture(null);
	}

	private List<Element> comeBack(List<Element> rest) {
		// Left behind by an interceptor or observer; one for the rest is set again
		Thread.interrupted();
		rest.forEach((element) -> element.delivery().run().comeBack());
		return rest;
	}

	/**
	 * Settles what the handler has done with a batch.
	 * @return what is still to be handled
	 */
	private List<Element> ended(Call call, @Nullable Throwable failure) {
		List<Element> batch = call.batch();
		this.observer.ran(batch.get(0).delivery().age(System.nanoTime()), batch.size(), failure);
		FollowedRun run = call.run();
		if (run != null) {
			this.runs.ended(run, outcome(batch, failure), System.nanoTime() - call.startNanos(), failure);
		}
		if (!(failure instanceof BatchException ex) || ex.getIndex() >= batch.size()) {
			return ended(batch, (index) -> failure, batch.size());
		}
		Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
		return ended(batch, (index) -> (index == ex.getIndex()) ? cause : null, ex.getIndex() + 1);
	}

	private List<Element> ended(List<Element> batch, IntFunction<@Nullable Throwable> failures, int handled) {
		List<Element> rest = new ArrayList<>();
		for (int i = 0; i < batch.size(); i++) {
			HeldVerbs verbs = batch.get(i).delivery().heldVerbs();
			// In a transaction, all or none of them are
			if ((verbs != null) ? verbs.isAgain() : i >= handled) {
				rest.add(batch.get(i));
			}
			else {
				ended(batch.get(i), failures.apply(i));
			}
		}
		return rest;
	}

	/**
	 * Returns what is to become of the whole batch.
	 * @return how each of it is to end, or {@code null} if they don't all end alike
	 */
	private @Nullable Settlement outcome(List<Element> batch, @Nullable Throwable failure) {
		if (failure instanceof BatchException && batch.size() > 1) {
			return null;
		}
		Set<Settlement> outcomes = EnumSet.noneOf(Settlement.class);
		for (Element element : batch) {
			ReceivedDelivery delivery = element.delivery();
			HeldVerbs verbs = delivery.heldVerbs();
			if (verbs != null && verbs.isAgain()) {
				return null;
			}
			outcomes.add(settlement(delivery, outcome(delivery, failure, this.decider)));
		}
		return (outcomes.size() == 1) ? outcomes.iterator().next() : null;
	}

	private void ended(Element element, @Nullable Throwable failure) {
		Throwable handled = (failure != null) ? this.decider.handled(failure, element.delivery()) : null;
		element.delivery().end();
		settle(element.delivery(), outcome(element.delivery(), handled, this.decider));
	}

	private void failed(ReceivedDelivery delivery, Throwable failure) {
		Throwable handled = this.decider.handled(failure, delivery);
		delivery.end();
		settle(delivery, this.decider.decide(handled, delivery));
	}

	/**
	 * A delivery with what was read of it.
	 *
	 * @param delivery the delivery
	 * @param value what the handler needs of it
	 */
	record Element(ReceivedDelivery delivery, Object value) {

	}

	/**
	 * A call of the handler.
	 *
	 * @param batch what it is given
	 * @param deliveries the deliveries of the batch
	 * @param run is followed by somebody, or {@code null}
	 * @param startNanos when it started, as a {@link System#nanoTime()}
	 */
	private record Call(List<Element> batch, List<Delivery> deliveries, @Nullable FollowedRun run, long startNanos) {

	}

	/**
	 * What has come of a call.
	 *
	 * @param pending completes when the batch and its rest are handled, or {@code null}
	 * if the handler has ended
	 * @param rest what is still to be handled then
	 */
	private record Result(@Nullable CompletableFuture<?> pending, List<Element> rest) {

	}

}
