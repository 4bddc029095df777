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
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls handlers with all interceptors around them, the first one outermost.
 *
 * @param all the interceptors, in their order
 */
record Interceptors(List<DeliveryInterceptor> all) {

	private static final Log logger = LogFactory.getLog(Interceptors.class);

	/**
	 * Adds interceptors inside of these, unless they are among them.
	 */
	Interceptors and(List<DeliveryInterceptor> others) {
		if (others.isEmpty()) {
			return this;
		}
		List<DeliveryInterceptor> both = new ArrayList<>(this.all);
		others.stream().filter((other) -> !this.all.contains(other)).forEach(both::add);
		return new Interceptors(List.copyOf(both));
	}

	DeliveryHandler around(DeliveryHandler handler) {
		DeliveryHandler wrapped = handler;
		for (int i = this.all.size() - 1; i >= 0; i--) {
			wrapped = around(this.all.get(i), wrapped);
		}
		return wrapped;
	}

	@Nullable CompletionStage<?> aroundBatch(List<Delivery> deliveries, DeliveryInterceptor.Invocation handler) throws Exception {
		DeliveryInterceptor.Invocation wrapped = handler;
		for (int i = this.all.size() - 1; i >= 0; i--) {
			DeliveryInterceptor interceptor = this.all.get(i);
			DeliveryInterceptor.Invocation next = wrapped;
			wrapped = () -> interceptor.interceptBatch(deliveries, next);
		}
		return wrapped.proceed();
	}

	void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
		for (DeliveryInterceptor interceptor : this.all) {
			try {
				interceptor.settled(delivery, settlement, failure);
			}
			catch (Throwable ex) {
				Guard.log(logger, () -> "An interceptor failed for message " + delivery, ex);
			}
		}
	}

	private static DeliveryHandler around(DeliveryInterceptor interceptor, DeliveryHandler next) {
		return (delivery, message) -> interceptor.intercept(delivery, () -> next.handle(delivery, message));
	}

}
