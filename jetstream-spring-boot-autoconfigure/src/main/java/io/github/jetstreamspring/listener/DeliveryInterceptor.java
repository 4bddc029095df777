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
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Takes part in the handling of deliveries. Beans of this type are called around each
 * handler, in their {@linkplain org.springframework.core.annotation.Order order}, on the
 * thread of the worker.
 *
 * @since 0.1.0
 */
public interface DeliveryInterceptor {

	/**
	 * Is called around the handler of a delivery. To do something before and after it,
	 * call {@code next} in between; to keep the handler from being called, call one of
	 * the verbs of the delivery, or throw. What is thrown from here counts as if the
	 * handler had thrown it.
	 * @param delivery the delivery
	 * @param next the next interceptor, or the handler
	 * @return what {@code next} returned, or a stage of its own
	 * @throws Exception what {@code next} throws, or an exception of its own
	 */
	default @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
		return next.proceed();
	}

	/**
	 * Is called around the handler of a batch, as
	 * {@link #intercept(Delivery, Invocation)} is around that of a single delivery.
	 * @param deliveries the deliveries that are handled together; not empty
	 * @param next the next interceptor, or the handler
	 * @return what {@code next} returned, or a stage of its own
	 * @throws Exception what {@code next} throws, or an exception of its own
	 */
	default @Nullable CompletionStage<?> interceptBatch(List<Delivery> deliveries, Invocation next) throws Exception {
		return next.proceed();
	}

	/**
	 * Is called once for each delivery, when it is settled, on whatever thread that
	 * happens. Must not block.
	 * @param delivery the delivery
	 * @param settlement how the delivery ended
	 * @param failure why it was retried or given up on, or {@code null}
	 */
	default void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
	}

	/**
	 * The rest of the handling: the next interceptor, or the handler.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	interface Invocation {

		/**
		 * Goes on.
		 * @return completes when the delivery is handled; {@code null} if it is handled
		 * when this method returns
		 * @throws Exception if handling failed
		 */
		@Nullable CompletionStage<?> proceed() throws Exception;

	}

}
