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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.jetstreamspring.listener.pull.Precedence;
import io.github.jetstreamspring.listener.pull.PullSource;
import io.nats.client.api.PriorityPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ExceptionTypeFilter;

/**
 * A listener with all that is needed to run it.
 *
 * @param id the listener's id, unique in the application
 * @param stream the stream's name
 * @param consumer the durable consumer's name
 * @param options the options, which leave nothing open
 * @param retryPolicy how often and after what delay a failed message is tried again
 * @param retryable which exceptions of the handler are worth another attempt
 * @param handler what is done with the messages
 * @param orderedBy which messages are handled one after the other, or {@code null} if
 * there is no such order
 * @param interceptors take part in the handling, inside of those of all listeners, the
 * outermost first
 * @param errorHandler is asked about failures, or {@code null} if nobody is
 * @param sources where the options come from, by their keys: what the key of the
 * configuration begins with, the name of an annotation or type; those that are not in
 * here are defaults
 * @since 0.1.0
 */
public record ListenerDefinition(String id, String stream, String consumer, ListenerOptions options,
		RetryPolicy retryPolicy, ExceptionTypeFilter retryable, ListenerHandler handler, @Nullable OrderKey orderedBy,
		List<DeliveryInterceptor> interceptors, @Nullable ListenerErrorHandler errorHandler,
		Map<String, String> sources) {

	// Those that a policy stands for
	private static final Set<String> POLICY = Set.of("retry.max-attempts", "retry.delay", "retry.multiplier",
			"retry.max-delay", "retry.jitter", "retry.max-deliveries");

	/**
	 * Creates a definition from options.
	 * @param id the listener's id
	 * @param stream the stream's name
	 * @param consumer the durable consumer's name
	 * @param options the options; what they leave open has its default
	 * @param retryable which exceptions of the handler are worth another attempt
	 * @param handler what is done with the messages
	 * @return the definition
	 * @throws IllegalArgumentException if an option is out of its range
	 */
	public static ListenerDefinition of(String id, String stream, String consumer, ListenerOptions options,
			ExceptionTypeFilter retryable, ListenerHandler handler) {
		return new ListenerDefinition(id, stream, consumer, options, ExponentialRetryPolicy.of(options.retry()),
				retryable, handler, null, List.of(), null, sources(options.values().keySet(), "ListenerDefinition"));
	}

	/**
	 * Checks the values.
	 * @throws IllegalArgumentException if one is out of its range
	 */
	public ListenerDefinition {
		Assert.hasText(id, "'id' must not be empty");
		Assert.hasText(stream, "'stream' must not be empty");
		Assert.hasText(consumer, "'consumer' must not be empty");
		interceptors = List.copyOf(interceptors);
		sources = Map.copyOf(sources);
		options = options.orElse(ListenerOptions.DEFAULTS);
		OptionRanges.requireExceptRetry(options);
		Assert.isTrue(!required(options.exclusive()) || precedence(options).neededPolicy() == PriorityPolicy.None,
				"an exclusive listener can't have 'priority', 'min-pending' or 'min-ack-pending'");
		Assert.isTrue(orderedBy == null || handler instanceof DeliveryHandler,
				"'orderedBy' is for handlers of single messages, not for batches");
	}

	/**
	 * Adds an order.
	 * @param orderKey names what messages belong to; those with equal keys are handled
	 * one after the other
	 * @return a definition with this order
	 */
	public ListenerDefinition orderedBy(OrderKey orderKey) {
		return new ListenerDefinition(this.id, this.stream, this.consumer, this.options, this.retryPolicy,
				this.retryable, this.handler, orderKey, this.interceptors, this.errorHandler, this.sources);
	}

	/**
	 * Returns the same listener with another retry policy.
	 * @param retryPolicy how often and after what delay a failed message is tried again,
	 * instead of what the options say
	 * @return a definition with this policy
	 */
	public ListenerDefinition retryPolicy(RetryPolicy retryPolicy) {
		Map<String, String> others = new HashMap<>(this.sources);
		others.putAll(sources(POLICY, "RetryPolicy"));
		return new ListenerDefinition(this.id, this.stream, this.consumer, this.options, retryPolicy, this.retryable,
				this.handler, this.orderedBy, this.interceptors, this.errorHandler, others);
	}

	/**
	 * Adds interceptors of this listener's own.
	 * @param interceptors take part in the handling, inside of those of all listeners,
	 * the outermost first; one that is among those of all isn't called twice
	 * @return a definition with these interceptors
	 */
	public ListenerDefinition interceptors(List<DeliveryInterceptor> interceptors) {
		return new ListenerDefinition(this.id, this.stream, this.consumer, this.options, this.retryPolicy,
				this.retryable, this.handler, this.orderedBy, interceptors, this.errorHandler, this.sources);
	}

	/**
	 * Sets who is asked about failures.
	 * @param errorHandler is asked; {@code null} for nobody
	 * @return a definition with this error handler
	 */
	public ListenerDefinition errorHandler(@Nullable ListenerErrorHandler errorHandler) {
		return new ListenerDefinition(this.id, this.stream, this.consumer, this.options, this.retryPolicy,
				this.retryable, this.handler, this.orderedBy, this.interceptors, errorHandler, this.sources);
	}

	/**
	 * Says where the options come from.
	 * @param sources the sources by the options' keys, as
	 * {@link ListenerSettings#sources} tells them
	 * @return a definition with these sources
	 */
	public ListenerDefinition sources(Map<String, String> sources) {
		return new ListenerDefinition(this.id, this.stream, this.consumer, this.options, this.retryPolicy,
				this.retryable, this.handler, this.orderedBy, this.interceptors, this.errorHandler, sources);
	}

	private static Map<String, String> sources(Set<String> keys, String source) {
		Map<String, String> sources = new HashMap<>();
		for (String key : keys) {
			sources.put(key, source);
		}
		return sources;
	}

	int concurrency() {
		return required(this.options.concurrency());
	}

	int maxBuffer() {
		return required(this.options.maxBuffer());
	}

	AckMode ackMode() {
		return required(this.options.ack());
	}

	Duration maxRunTime() {
		return required(this.options.maxRunTime());
	}

	Duration shutdownTimeout() {
		return required(this.options.shutdownTimeout());
	}

	/**
	 * Returns the delay beyond which a retry is scheduled, where the stream allows it.
	 */
	Duration scheduleRetriesAfter() {
		Duration scheduleAfter = this.options.retry().scheduleAfter();
		return (scheduleAfter != null) ? scheduleAfter : required(ListenerOptions.DEFAULTS.retry().scheduleAfter());
	}

	boolean autoStartup() {
		return required(this.options.autoStartup());
	}

	List<String> replySubjects() {
		return required(this.options.replySubjects());
	}

	boolean isOnce() {
		return required(this.options.once()) != OnceMode.FALSE;
	}

	@Nullable String group() {
		return this.options.listenerGroup();
	}

	/**
	 * Returns how long the listener gets no message before somebody is told.
	 * @return the time, {@code null} to tell nobody
	 */
	@Nullable Duration idleEventInterval() {
		return this.options.idleEventInterval();
	}

	boolean exclusive() {
		return required(this.options.exclusive());
	}

	/**
	 * Returns where messages are asked for.
	 */
	PullSource source() {
		return new PullSource(this.stream, this.consumer, precedence());
	}

	Precedence precedence() {
		return precedence(this.options);
	}

	/**
	 * Returns how many messages a handler takes at once.
	 * @param maxAckPending the most messages that the consumer has out, or -1
	 * @return the number of messages
	 */
	int batchSize(long maxAckPending) {
		if (!(this.handler instanceof BatchHandler)) {
			return 1;
		}
		int size = required(this.options.batch().size());
		// More than that can't come, however long a batch waits
		return (maxAckPending > 0) ? (int) Math.min(size, maxAckPending) : size;
	}

	Duration batchTimeout() {
		return required(this.options.batch().timeout());
	}

	/**
	 * Returns a breaker for a new start.
	 * @return the breaker, or {@code null} if the listener isn't to have one
	 */
	@Nullable CircuitBreaker circuitBreaker() {
		ListenerOptions.CircuitBreaker breaker = this.options.circuitBreaker();
		return required(breaker.enabled()) ? new CircuitBreaker(required(breaker.failureRate()),
				required(breaker.window()), required(breaker.trials())) : null;
	}

	Duration circuitBreakerPause() {
		return required(this.options.circuitBreaker().pause());
	}

	private static Precedence precedence(ListenerOptions options) {
		return new Precedence(options.priority(), options.minPending(), options.minAckPending());
	}

	private static <T> T required(@Nullable T value) {
		Assert.state(value != null, "The defaults leave nothing open");
		return value;
	}

}
