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

package io.github.jetstreamspring.annotation.handler;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.ReactiveAdapter;

/**
 * Makes stages of reactive types. Apart from {@link HandlerCompletion}, because it needs
 * Reactor.
 */
final class ReactiveStages {

	private ReactiveStages() {
	}

	/**
	 * Subscribes, once.
	 * @param adapter knows the reactive type, or {@code null} if it is a publisher
	 * @param reactive what the method returned
	 * @return completes with it; to cancel it is to cancel the subscription
	 */
	static CompletionStage<?> subscribe(@Nullable ReactiveAdapter adapter, Object reactive) {
		Publisher<?> publisher = (adapter != null) ? adapter.toPublisher(reactive) : (Publisher<?>) reactive;
		// What interceptors have set on this thread goes along, if Micrometer knows it
		return Mono.from(publisher).contextCapture().toFuture();
	}

}
