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

import io.github.jetstreamspring.observation.PublishObservationContext;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

/**
 * Makes spans of published messages. One that belongs to a trace already stays in it:
 * where nothing else is being traced, its span is part of that trace, and elsewhere
 * linked to it.
 */
final class PublishTracingHandler implements TracingObservationHandler<PublishObservationContext> {

	private final Tracer tracer;

	private final Propagator propagator;

	PublishTracingHandler(Tracer tracer, Propagator propagator) {
		this.tracer = tracer;
		this.propagator = propagator;
	}

	@Override
	public void onStart(PublishObservationContext context) {
		PublishObservationContext.Carrier message = context.getCarrier();
		boolean traced = message.isTraced();
		Span parent = getParentSpan(context);
		if (parent == null) {
			parent = this.tracer.currentSpan();
		}
		Span.Builder builder;
		if (parent == null && traced) {
			builder = this.propagator.extract(message, PublishObservationContext.Carrier::header);
		}
		else {
			builder = this.tracer.spanBuilder();
			if (parent != null) {
				builder = builder.setParent(parent.context());
			}
			if (traced) {
				builder = TraceLinks.add(builder, message.header(TraceLinks.HEADER), this.tracer);
			}
		}
		Span span = builder.kind(Span.Kind.PRODUCER).start();
		inject(span.context(), context);
		getTracingContext(context).setSpan(span);
	}

	private void inject(TraceContext trace, PublishObservationContext context) {
		this.propagator.inject(trace, context.getCarrier(),
				(message, name, value) -> context.getSetter().set(message, name, value));
	}

	@Override
	public void onStop(PublishObservationContext context) {
		Span span = getRequiredSpan(context);
		tagSpan(context, span);
		span.name(getSpanName(context));
		endSpan(context, span);
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof PublishObservationContext;
	}

	@Override
	public Tracer getTracer() {
		return this.tracer;
	}

}
