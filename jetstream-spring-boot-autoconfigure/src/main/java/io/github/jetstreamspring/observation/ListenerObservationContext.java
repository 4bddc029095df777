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

import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.Settlement;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.Propagator;
import io.micrometer.observation.transport.ReceiverContext;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the run of a handler.
 *
 * @since 0.1.0
 */
public final class ListenerObservationContext extends ReceiverContext<Headers> {

	private static final Propagator.Getter<Headers> GETTER = new Propagator.Getter<>() {

		@Override
		public @Nullable String get(@Nullable Headers headers, String name) {
			return TraceHeaders.first(headers, name);
		}

		@Override
		public Iterable<String> getAll(@Nullable Headers headers, String name) {
			return TraceHeaders.all(headers, name);
		}

	};

	private static final Headers NONE = new Headers(null, true);

	private final ObservedKeys lowCardinality = new ObservedKeys();

	private final ObservedKeys highCardinality = new ObservedKeys();

	private final String listener;

	private final Delivery first;

	private final @Nullable List<Delivery> batch;

	private Duration time = Duration.ZERO;

	private @Nullable Settlement settlement;

	private @Nullable Throwable failure;

	private boolean ended;

	ListenerObservationContext(String listener, Delivery delivery) {
		this(listener, delivery, null, delivery.headers());
	}

	// The messages of a batch may belong to as many traces
	ListenerObservationContext(String listener, List<Delivery> batch) {
		this(listener, batch.get(0), batch, NONE);
	}

	private ListenerObservationContext(String listener, Delivery first, @Nullable List<Delivery> batch,
			Headers carrier) {
		super(GETTER, Kind.CONSUMER);
		this.listener = listener;
		this.first = first;
		this.batch = batch;
		setCarrier(carrier);
	}

	/**
	 * Returns the listener.
	 * @return its id
	 */
	public String getListener() {
		return this.listener;
	}

	/**
	 * Returns the delivery that is handled, of a batch the first one.
	 * @return the delivery, of which only what it tells is of use here
	 */
	public Delivery getDelivery() {
		return this.first;
	}

	/**
	 * Returns all deliveries that are handled together.
	 * @return the deliveries; one, unless the listener takes batches
	 */
	public List<Delivery> getDeliveries() {
		return (this.batch != null) ? this.batch : List.of(this.first);
	}

	/**
	 * Returns whether the listener takes batches.
	 * @return whether the handler has got a batch, be it of one message
	 */
	public boolean isBatch() {
		return this.batch != null;
	}

	/**
	 * Returns what is to become of the messages. A dead letter may still turn out not to
	 * be storable.
	 * @return how their deliveries are to end, or {@code null} if the handler hasn't
	 * ended, or if they don't all end alike
	 */
	public @Nullable Settlement getSettlement() {
		return this.settlement;
	}

	/**
	 * Returns what the handler has thrown.
	 * @return the failure, or {@code null} if there is none or not yet
	 */
	public @Nullable Throwable getFailure() {
		return this.failure;
	}

	/**
	 * Returns how long the handler ran.
	 * @return the time, zero before it has ended
	 */
	public Duration getTime() {
		return this.time;
	}

	/**
	 * Returns whether the handler has ended.
	 * @return whether it has, so that settlement and failure are known
	 */
	public boolean isEnded() {
		return this.ended;
	}

	void end(@Nullable Settlement settlement, Duration time, @Nullable Throwable failure) {
		this.settlement = settlement;
		this.time = time;
		this.failure = failure;
		this.ended = true;
	}

	@Override
	public Observation.Context addLowCardinalityKeyValue(KeyValue keyValue) {
		this.lowCardinality.add(keyValue);
		return this;
	}

	@Override
	public Observation.Context addLowCardinalityKeyValues(KeyValues keyValues) {
		this.lowCardinality.add(keyValues);
		return this;
	}

	@Override
	public Observation.Context removeLowCardinalityKeyValue(String keyName) {
		this.lowCardinality.remove(keyName);
		return this;
	}

	@Override
	public KeyValues getLowCardinalityKeyValues() {
		return this.lowCardinality.all();
	}

	@Override
	public @Nullable KeyValue getLowCardinalityKeyValue(String key) {
		return this.lowCardinality.get(key);
	}

	@Override
	public Observation.Context addHighCardinalityKeyValue(KeyValue keyValue) {
		this.highCardinality.add(keyValue);
		return this;
	}

	@Override
	public Observation.Context addHighCardinalityKeyValues(KeyValues keyValues) {
		this.highCardinality.add(keyValues);
		return this;
	}

	@Override
	public Observation.Context removeHighCardinalityKeyValue(String keyName) {
		this.highCardinality.remove(keyName);
		return this;
	}

	@Override
	public KeyValues getHighCardinalityKeyValues() {
		return this.highCardinality.all();
	}

	@Override
	public @Nullable KeyValue getHighCardinalityKeyValue(String key) {
		return this.highCardinality.get(key);
	}

}
