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

package io.github.jetstreamspring.observation;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.jetstreamspring.guard.FailureNames;
import io.github.jetstreamspring.listener.BatchException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.Settlement;
import io.github.jetstreamspring.observation.JetStreamObservationDocumentation.ProcessHighCardinalityKeyNames;
import io.github.jetstreamspring.observation.JetStreamObservationDocumentation.ProcessLowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * {@link ListenerObservationConvention} with the names of OpenTelemetry's conventions for
 * messaging. Subclasses may add keys.
 *
 * @since 0.1.0
 */
public class DefaultListenerObservationConvention implements ListenerObservationConvention {

	private static final KeyValue SYSTEM = ProcessLowCardinalityKeyNames.MESSAGING_SYSTEM.withValue("nats");

	private static final KeyValue OPERATION = ProcessLowCardinalityKeyNames.OPERATION_TYPE.withValue("process");

	private static final KeyValue MIXED = ProcessLowCardinalityKeyNames.OUTCOME.withValue("mixed");

	private static final KeyValue NO_EXCEPTION = ProcessLowCardinalityKeyNames.EXCEPTION.withValue(FailureNames.NONE);

	private static final Map<Settlement, KeyValue> OUTCOMES = outcomes();

	private final FailureNames failures = new FailureNames();

	// Keyed by listener
	private final Map<String, Source> sources = new ConcurrentHashMap<>();

	private static Map<Settlement, KeyValue> outcomes() {
		Map<Settlement, KeyValue> outcomes = new EnumMap<>(Settlement.class);
		for (Settlement settlement : Settlement.values()) {
			outcomes.put(settlement, ProcessLowCardinalityKeyNames.OUTCOME
				.withValue(settlement.name().toLowerCase(Locale.ROOT).replace('_', '-')));
		}
		return outcomes;
	}

	@Override
	public String getName() {
		return JetStreamObservationDocumentation.PROCESS_NAME;
	}

	@Override
	public String getContextualName(ListenerObservationContext context) {
		return source(context).spanName();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ListenerObservationContext context) {
		Source source = source(context);
		if (!context.isEnded()) {
			return source.keys();
		}
		Settlement settlement = context.getSettlement();
		Throwable failure = context.getFailure();
		KeyValues usual = (failure == null && settlement != null) ? source.withoutFailure().get(settlement) : null;
		if (usual != null) {
			return usual;
		}
		Throwable cause = (failure instanceof BatchException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return source.keys()
			.and((settlement != null) ? OUTCOMES.getOrDefault(settlement, MIXED) : MIXED,
					ProcessLowCardinalityKeyNames.EXCEPTION.withValue(this.failures.of(cause)));
	}

	private Source source(ListenerObservationContext context) {
		Delivery delivery = context.getDelivery();
		Source known = this.sources.get(context.getListener());
		if (known != null && known.isOf(delivery)) {
			return known;
		}
		Source source = Source.of(context.getListener(), delivery);
		this.sources.put(context.getListener(), source);
		return source;
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ListenerObservationContext context) {
		if (context.isEnded()) {
			return KeyValues.empty();
		}
		if (context.isBatch()) {
			return KeyValues.of(ProcessHighCardinalityKeyNames.BATCH_SIZE
				.withValue(Integer.toString(context.getDeliveries().size())));
		}
		Delivery delivery = context.getDelivery();
		String id = delivery.headers().getFirst("Nats-Msg-Id");
		KeyValue attempt = LateKeyValue.of(ProcessHighCardinalityKeyNames.ATTEMPT,
				() -> Long.toString(delivery.attempt()));
		KeyValue sequence = LateKeyValue.of(ProcessHighCardinalityKeyNames.SEQUENCE,
				() -> Long.toString(delivery.streamSequence()));
		KeyValue subject = LateKeyValue.of(ProcessHighCardinalityKeyNames.SUBJECT, delivery::subject);
		// In their order, so that they aren't sorted for each message
		return (id == null) ? KeyValues.of(attempt, sequence, subject) : KeyValues.of(attempt, sequence, subject,
				LateKeyValue.of(ProcessHighCardinalityKeyNames.MESSAGE_ID, () -> String.valueOf(MessageText.of(id))));
	}

	/**
	 * Where a listener gets its messages from, and what is the same for all of them.
	 *
	 * @param stream the stream
	 * @param consumer the consumer
	 * @param keys the keys with their values
	 * @param withoutFailure the same with the outcome of a handler that has thrown
	 * nothing
	 * @param spanName the name of its spans
	 */
	private record Source(String stream, String consumer, KeyValues keys, Map<Settlement, KeyValues> withoutFailure,
			String spanName) {

		static Source of(String listener, Delivery delivery) {
			KeyValues keys = KeyValues.of(SYSTEM, OPERATION,
					ProcessLowCardinalityKeyNames.DESTINATION_NAME.withValue(delivery.stream()),
					ProcessLowCardinalityKeyNames.CONSUMER_GROUP_NAME.withValue(delivery.consumer()),
					ProcessLowCardinalityKeyNames.LISTENER.withValue(listener));
			Map<Settlement, KeyValues> withoutFailure = new EnumMap<>(Settlement.class);
			OUTCOMES.forEach((settlement, outcome) -> withoutFailure.put(settlement, keys.and(outcome, NO_EXCEPTION)));
			return new Source(delivery.stream(), delivery.consumer(), keys, withoutFailure,
					"process " + delivery.stream());
		}

		boolean isOf(Delivery delivery) {
			return this.stream.equals(delivery.stream()) && this.consumer.equals(delivery.consumer());
		}

	}

}
