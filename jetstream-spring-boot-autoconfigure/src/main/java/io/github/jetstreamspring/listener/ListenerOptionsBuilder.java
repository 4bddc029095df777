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

import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.listener.ListenerOptions.Batch;
import io.github.jetstreamspring.listener.ListenerOptions.Builder;
import io.github.jetstreamspring.listener.ListenerOptions.CircuitBreaker;
import io.github.jetstreamspring.listener.ListenerOptions.Retry;
import io.github.jetstreamspring.listener.pull.Precedence;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ListenerOptions.Builder} does, in a file of its own.
 */
abstract class ListenerOptionsBuilder {

	private @Nullable Integer concurrency;

	private @Nullable Integer maxBuffer;

	private @Nullable AckMode ack;

	private @Nullable Duration maxRunTime;

	private @Nullable Duration shutdownTimeout;

	private @Nullable Boolean autoStartup;

	private @Nullable Boolean exclusive;

	private Precedence precedence = Precedence.NONE;

	private @Nullable OnceMode once;

	private @Nullable List<String> replySubjects;

	private @Nullable Duration idleEventInterval;

	private Names names = new Names(null, null, null, null);

	private Retry retry = Retry.NONE;

	private Batch batch = Batch.NONE;

	private CircuitBreaker circuitBreaker = CircuitBreaker.NONE;

	abstract Builder self();

	/**
	 * Sets how many handlers run at once.
	 * @param concurrency a number of at least 1, or {@code null}
	 * @return this builder
	 */
	public Builder concurrency(@Nullable Integer concurrency) {
		this.concurrency = concurrency;
		return self();
	}

	/**
	 * Sets the most messages that wait in the listener for a worker.
	 * @param maxBuffer a number, 0 for none, or {@code null}
	 * @return this builder
	 */
	public Builder maxBuffer(@Nullable Integer maxBuffer) {
		this.maxBuffer = maxBuffer;
		return self();
	}

	/**
	 * Sets how deliveries are acked.
	 * @param ack the mode, or {@code null}
	 * @return this builder
	 */
	public Builder ack(@Nullable AckMode ack) {
		this.ack = ack;
		return self();
	}

	/**
	 * Sets how long a handler may run.
	 * @param maxRunTime a positive duration, or {@code null}
	 * @return this builder
	 */
	public Builder maxRunTime(@Nullable Duration maxRunTime) {
		this.maxRunTime = maxRunTime;
		return self();
	}

	/**
	 * Sets how long running handlers may take to finish when the listener stops.
	 * @param shutdownTimeout a duration, zero for not at all, or {@code null}
	 * @return this builder
	 */
	public Builder shutdownTimeout(@Nullable Duration shutdownTimeout) {
		this.shutdownTimeout = shutdownTimeout;
		return self();
	}

	/**
	 * Sets whether the listener starts with the application.
	 * @param autoStartup whether it does, or {@code null}
	 * @return this builder
	 */
	public Builder autoStartup(@Nullable Boolean autoStartup) {
		this.autoStartup = autoStartup;
		return self();
	}

	/**
	 * Sets whether only one instance of the application at a time gets messages.
	 * @param exclusive whether it is so, or {@code null}
	 * @return this builder
	 */
	public Builder exclusive(@Nullable Boolean exclusive) {
		this.exclusive = exclusive;
		return self();
	}

	/**
	 * Sets the rank of this instance among those that ask for messages.
	 * @param priority 0 (first) to 9, or {@code null}
	 * @return this builder
	 */
	public Builder priority(@Nullable Integer priority) {
		this.precedence = new Precedence(priority, this.precedence.minPending(), this.precedence.minAckPending());
		return self();
	}

	/**
	 * Sets how many messages must wait before this instance gets any.
	 * @param minPending a number of at least 1, or {@code null}
	 * @return this builder
	 */
	public Builder minPending(@Nullable Long minPending) {
		this.precedence = new Precedence(this.precedence.priority(), minPending, this.precedence.minAckPending());
		return self();
	}

	/**
	 * Sets how many messages must be at work before this instance gets any.
	 * @param minAckPending a number of at least 1, or {@code null}
	 * @return this builder
	 */
	public Builder minAckPending(@Nullable Long minAckPending) {
		this.precedence = new Precedence(this.precedence.priority(), this.precedence.minPending(), minAckPending);
		return self();
	}

	/**
	 * Sets whether effects in the database happen once for each message.
	 * @param once the mode, or {@code null}
	 * @return this builder
	 */
	public Builder once(@Nullable OnceMode once) {
		this.once = once;
		return self();
	}

	/**
	 * Sets to which addresses replies may go, besides the connection's own inboxes.
	 * @param replySubjects subjects, which may have wildcards, or {@code null}
	 * @return this builder
	 */
	public Builder replySubjects(@Nullable List<String> replySubjects) {
		this.replySubjects = replySubjects;
		return self();
	}

	/**
	 * Sets the group that the listener belongs to.
	 * @param listenerGroup the group's name, or {@code null}
	 * @return this builder
	 */
	public Builder listenerGroup(@Nullable String listenerGroup) {
		this.names = new Names(listenerGroup, this.names.converter(), this.names.interceptors(),
				this.names.errorHandler());
		return self();
	}

	/**
	 * Sets which message converter reads the payloads.
	 * @param converter the name of a bean, or {@code null}
	 * @return this builder
	 */
	public Builder converter(@Nullable String converter) {
		this.names = new Names(this.names.listenerGroup(), converter, this.names.interceptors(),
				this.names.errorHandler());
		return self();
	}

	/**
	 * Sets how long the listener gets no message before that is an application event.
	 * @param idleEventInterval a positive duration, or {@code null}
	 * @return this builder
	 */
	public Builder idleEventInterval(@Nullable Duration idleEventInterval) {
		this.idleEventInterval = idleEventInterval;
		return self();
	}

	/**
	 * Sets who takes part in the handling, inside of those who do for all listeners.
	 * @param interceptors the names of beans, the outermost first, or {@code null}
	 * @return this builder
	 */
	public Builder interceptors(@Nullable List<String> interceptors) {
		this.names = new Names(this.names.listenerGroup(), this.names.converter(), interceptors,
				this.names.errorHandler());
		return self();
	}

	/**
	 * Sets who is asked about failures.
	 * @param errorHandler the name of a bean, or {@code null}
	 * @return this builder
	 */
	public Builder errorHandler(@Nullable String errorHandler) {
		this.names = new Names(this.names.listenerGroup(), this.names.converter(), this.names.interceptors(),
				errorHandler);
		return self();
	}

	/**
	 * Sets how failed messages are tried again.
	 * @param retry the options
	 * @return this builder
	 */
	public Builder retry(Retry retry) {
		this.retry = retry;
		return self();
	}

	/**
	 * Sets how failed messages are tried again.
	 * @param retry the options
	 * @return this builder
	 */
	public Builder retry(RetryOptions retry) {
		return retry(retry.options());
	}

	/**
	 * Sets how messages are put together in batches.
	 * @param batch the options
	 * @return this builder
	 */
	public Builder batch(Batch batch) {
		this.batch = batch;
		return self();
	}

	/**
	 * Sets how messages are put together in batches.
	 * @param batch the options
	 * @return this builder
	 */
	public Builder batch(BatchOptions batch) {
		return batch(batch.options());
	}

	/**
	 * Sets what happens while the handler keeps failing.
	 * @param circuitBreaker the options
	 * @return this builder
	 */
	public Builder circuitBreaker(CircuitBreaker circuitBreaker) {
		this.circuitBreaker = circuitBreaker;
		return self();
	}

	/**
	 * Sets what happens while the handler keeps failing.
	 * @param circuitBreaker the options
	 * @return this builder
	 */
	public Builder circuitBreaker(CircuitBreakerOptions circuitBreaker) {
		return circuitBreaker(circuitBreaker.options());
	}

	/**
	 * Builds the options.
	 * @return the options
	 */
	public ListenerOptions build() {
		return new ListenerOptions(this.concurrency, this.maxBuffer, this.ack, this.maxRunTime, this.shutdownTimeout,
				this.autoStartup, this.exclusive, this.precedence.priority(), this.precedence.minPending(),
				this.precedence.minAckPending(), this.once, this.replySubjects, this.names.listenerGroup(),
				this.idleEventInterval, this.names.converter(), this.names.interceptors(), this.names.errorHandler(),
				this.retry, this.batch, this.circuitBreaker);
	}

	/**
	 * Names of what a listener belongs to, and of the beans that it uses.
	 */
	private record Names(@Nullable String listenerGroup, @Nullable String converter,
			@Nullable List<String> interceptors, @Nullable String errorHandler) {

	}

}
