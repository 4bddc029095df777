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

package io.github.jetstreamspring.boot.observation;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.observation.ListenerObservationContext;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.nats.client.impl.Headers;

/**
 * Makes spans of batches. Their messages may belong to as many traces, so the span begins
 * one of its own and is linked to all of them.
 */
final class BatchTracingHandler implements TracingObservationHandler<ListenerObservationContext> {

	private final Tracer tracer;

	BatchTracingHandler(Tracer tracer) {
		this.tracer = tracer;
	}

	@Override
	public void onStart(ListenerObservationContext context) {
		Span.Builder builder = this.tracer.spanBuilder().kind(Span.Kind.CONSUMER);
		for (Delivery delivery : context.getDeliveries()) {
			Headers headers = delivery.headers();
			builder = TraceLinks.add(builder, context.getGetter().get(headers, TraceLinks.HEADER), this.tracer);
		}
		getTracingContext(context).setSpan(builder.start());
	}

	@Override
	public void onStop(ListenerObservationContext context) {
		Span span = getRequiredSpan(context);
		tagSpan(context, span);
		span.name(getSpanName(context));
		endSpan(context, span);
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof ListenerObservationContext listener && listener.isBatch();
	}

	@Override
	public Tracer getTracer() {
		return this.tracer;
	}

}
