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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The jobs of all listeners of an application.
 */
final class ListenerJobs implements JetStreamJobs {

	private final ListenerContainers containers;

	private final List<ListenerEnvironment> environments;

	ListenerJobs(ListenerContainers containers, List<ListenerEnvironment> environments) {
		this.containers = containers;
		this.environments = environments;
	}

	@Override
	public CancelResult cancel(String id) {
		Assert.hasText(id, "'id' must not be empty");
		for (ListenerContainer container : this.containers.all()) {
			CancelResult result = container.cancel(id);
			if (result != null) {
				return result;
			}
		}
		for (ListenerEnvironment environment : this.environments) {
			JetStreamTemplate template = environment.template();
			// Before 2.12, the server knows no delayed jobs
			if (template != null && template.cancel(id)) {
				return CancelResult.REMOVED;
			}
		}
		Map<ListenerEnvironment, Set<String>> streams = new LinkedHashMap<>();
		this.containers.all()
			.forEach((container) -> streams.computeIfAbsent(container.environment(), (environment) -> new TreeSet<>())
				.add(container.definition().stream()));
		for (Map.Entry<ListenerEnvironment, Set<String>> entry : streams.entrySet()) {
			WaitingJobs waiting = new WaitingJobs(entry.getKey().connection());
			for (String stream : entry.getValue()) {
				if (waiting.remove(stream, id)) {
					return CancelResult.REMOVED;
				}
			}
		}
		return CancelResult.NOT_FOUND;
	}

	@Override
	public List<CurrentJob> current(String listener, int limit) {
		Assert.isTrue(limit > 0, "'limit' must be at least 1");
		return this.containers.get(listener).jobs(limit);
	}

	/**
	 * Cancels what is in hand.
	 * @param inHand the deliveries
	 * @param id the id of the job's message
	 * @param stages have it in hand
	 * @param executor interrupts handlers, which may take a while
	 * @return what became of it, or {@code null} if it isn't there
	 */
	static @Nullable CancelResult cancel(List<ReceivedDelivery> inHand, String id, SessionStages stages,
			Executor executor) {
		for (ReceivedDelivery delivery : inHand) {
			if (id.equals(delivery.origin().publishedId()) && (!delivery.isSettled() || delivery.isRunning())) {
				return cancel(delivery, stages, executor);
			}
		}
		return null;
	}

	private static CancelResult cancel(ReceivedDelivery delivery, SessionStages stages, Executor executor) {
		boolean running = delivery.run().cancel();
		if (!running) {
			// Settled when its turn comes, as others may wait behind it
			return delivery.isClaimed() ? CancelResult.TOO_LATE : CancelResult.REMOVED;
		}
		if (!delivery.claim()) {
			return CancelResult.TOO_LATE;
		}
		executor.execute(() -> {
			try {
				delivery.run().interrupt();
			}
			finally {
				// Nobody else does, as it is claimed
				stages.settler().settle(delivery, Outcome.CANCELLED);
			}
		});
		return CancelResult.INTERRUPTED;
	}

}
