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

package io.github.jetstreamspring.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.StringValue;
import io.github.jetstreamspring.annotation.JetStreamHandler;
import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.BatchException;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.HandledMessages;
import io.github.jetstreamspring.listener.ListenerErrorHandler;
import io.github.jetstreamspring.listener.RetryException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SimpleMessageConverter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;

/**
 * Listeners that do whatever their messages ask for.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class AgreementWorkers {

	private final JetStreamTemplate template;

	AgreementWorkers(JetStreamTemplate template) {
		this.template = template;
	}

	@Bean
	static DeliveryInterceptor interceptor() {
		return new DeliveryInterceptor() {

			@Override
			public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
				String what = String.valueOf(delivery.headers().getFirst("intercept"));
				switch (what) {
					case "throw" -> throw new IllegalStateException("intercepted");
					case "discard" -> {
						delivery.discard("not today");
						return null;
					}
					case "swallow" -> {
						try {
							return next.proceed();
						}
						catch (IllegalStateException ex) {
							return null;
						}
					}
					default -> {
						return next.proceed();
					}
				}
			}

		};
	}

	@JetStreamListener(value = "plain", noRetryFor = IllegalArgumentException.class)
	void plain(@Payload @Valid Job job, Delivery delivery, @Header(name = "do", required = false) String what)
			throws Exception {
		act(String.valueOf(what), delivery);
	}

	@JetStreamListener("text")
	void text(String text) {
		this.template.publish("out.text", text);
	}

	@JetStreamListener("bytes")
	void bytes(byte[] payload) {
		this.template.publish("out.bytes", payload);
	}

	@JetStreamListener("list")
	void list(Job[] jobs) {
		this.template.publish("out.list", jobs.length + " " + jobs[0].name());
	}

	@JetStreamListener("elements")
	void elements(@Payload @Valid List<Job> jobs) {
		this.template.publish("out.elements", jobs.size());
	}

	@JetStreamListener("number")
	void number(int number) {
		this.template.publish("out.number", number + 1);
	}

	@JetStreamListener("message")
	void message(Message<Job> message, io.nats.client.Message raw) {
		this.template.message(message.getPayload())
			.to("out.message")
			.header("seen", String.valueOf(message.getHeaders().get("tenant")))
			.header("length", Integer.toString(raw.getData().length))
			.publish();
	}

	@JetStreamListener("headers")
	void headers(@Header("count") int count, @Header("tenant") String tenant) {
		this.template.publish("out.headers", tenant + count);
	}

	@JetStreamListener("replies")
	@SendTo("out.replies")
	@Nullable String replies(Job job, @Header(name = "do", required = false) String what, Delivery delivery) throws Exception {
		act(String.valueOf(what), delivery);
		return job.count() > 1 ? null : "done with " + job.name();
	}

	@JetStreamListener("answers")
	@SendTo
	String answers(Job job) {
		if (job.count() > 1) {
			throw new DeadLetterException("too many");
		}
		return "answer to " + job.name();
	}

	@JetStreamListener("async")
	CompletableFuture<Void> async(Job job) {
		return CompletableFuture.runAsync(() -> {
			if (job.count() > 1) {
				throw new IllegalStateException("later");
			}
		}, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
	}

	@JetStreamListener(value = "ordered",
			orderedBy = "payload.name.length() > 3 ? payload.name : payload.name.charAt(9)")
	void ordered(Job job) {
		this.template.publish("out.ordered", job.name());
	}

	@JetStreamListener("bare")
	void bare(@Header("Nats-Msg-Size") String size, @Header(name = "do", required = false) String what,
			Delivery delivery, io.nats.client.Message raw) throws Exception {
		act(String.valueOf(what), delivery);
		this.template.publish("out.bare", size + " " + raw.getData().length);
	}

	@JetStreamListener("limited")
	void limited(Job job) {
		throw new IllegalStateException("limited");
	}

	@JetStreamListener(value = "hurried", maxRunTime = "200ms")
	void hurried(Job job) throws InterruptedException {
		if (job.count() > 1) {
			// Until it is interrupted
			new CountDownLatch(1).await();
		}
	}

	@JetStreamListener(value = "forgiven", errorHandler = "forgiving", noRetryFor = IllegalArgumentException.class)
	void forgiven(@Valid Job job, @Header(name = "do", required = false) String what, Delivery delivery)
			throws Exception {
		act(String.valueOf(what), delivery);
	}

	@Bean(defaultCandidate = false)
	static ListenerErrorHandler forgiving() {
		return (delivery, failure) -> {
			switch (String.valueOf(delivery.headers().getFirst("on-error"))) {
				case "ack" -> delivery.ack();
				case "discard" -> delivery.discard("forgiven");
				case "retry" -> delivery.retry(Duration.ofSeconds(7));
				case "give up" -> throw new DeadLetterException("not forgiven");
				case "fail" -> throw new IllegalStateException("the handler of errors failed");
				default -> {
				}
			}
		};
	}

	@JetStreamListener(value = "spelled", converter = "spelling", interceptors = "counting")
	void spelled(Job job) {
		this.template.publish("out.spelled", job.name() + job.count());
	}

	@Bean(defaultCandidate = false)
	static MessageConverter spelling() {
		return new SimpleMessageConverter() {

			@Override
			public Object fromMessage(Message<?> message, Class<?> targetClass) {
				String text = new String((byte[]) message.getPayload(), StandardCharsets.US_ASCII);
				return new Job(text, text.length());
			}

		};
	}

	@Bean(defaultCandidate = false)
	static DeliveryInterceptor counting(JetStreamTemplate template) {
		return new DeliveryInterceptor() {

			@Override
			public @Nullable CompletionStage<?> intercept(Delivery delivery, Invocation next) throws Exception {
				template.publish("out.counted", delivery.subject());
				return next.proceed();
			}

		};
	}

	@JetStreamListener("proto")
	@SendTo("out.proto")
	StringValue proto(StringValue value) {
		return StringValue.of(value.getValue() + "!");
	}

	@JetStreamListener("payments")
	@SendTo("!{'out.payments.' + result}")
	String payment(Payment payment) {
		return (payment instanceof Card card) ? card.number() : "cash";
	}

	@JetStreamListener(value = "once", once = "true")
	@SendTo("out.once")
	String once(Job job, @Header(name = "do", required = false) String what, Delivery delivery) throws Exception {
		act(String.valueOf(what), delivery);
		return job.name();
	}

	@Bean
	static HandledMessages handledMessages() {
		return (listener, messages, handler) -> {
			handler.handle();
			return Set.of();
		};
	}

	@JetStreamListener(value = "verbs", batch = true)
	void verbs(List<Job> jobs, List<Delivery> deliveries) throws Exception {
		for (int i = 0; i < jobs.size(); i++) {
			act(jobs.get(i).name(), deliveries.get(i));
		}
	}

	@JetStreamListener(value = "partial", batch = true, noRetryFor = IllegalArgumentException.class)
	CompletableFuture<Void> partial(@Valid List<Job> jobs) {
		for (int i = 0; i < jobs.size(); i++) {
			if (jobs.get(i).name().equals("never")) {
				return CompletableFuture
					.failedFuture(BatchException.failedAt(i, new IllegalArgumentException("never")));
			}
			if (jobs.get(i).name().equals("refused")) {
				return CompletableFuture.failedFuture(BatchException.failedAt(i, new DeadLetterException("refused")));
			}
		}
		return CompletableFuture.completedFuture(null);
	}

	/**
	 * Listens as a class.
	 */
	@JetStreamListener("kinds")
	static class Kinds {

		private final JetStreamTemplate template;

		Kinds(JetStreamTemplate template) {
			this.template = template;
		}

		@JetStreamHandler
		void job(Job job) {
			this.template.publish("out.kinds", "job " + job.name());
		}

		@JetStreamHandler
		@SendTo("out.kinds")
		String payment(Payment payment) {
			return "payment " + payment;
		}

	}

	@Bean
	static Kinds kinds(JetStreamTemplate template) {
		return new Kinds(template);
	}

	@JetStreamListener(value = "batch", batch = true)
	void batch(List<Job> jobs) {
		this.template.publish("out.batch", jobs.size() + " jobs");
		for (int i = 0; i < jobs.size(); i++) {
			if (jobs.get(i).name().equals("bad")) {
				throw BatchException.failedAt(i, new IllegalStateException("one is bad"));
			}
			if (jobs.get(i).name().equals("worse")) {
				throw new IllegalStateException("all are bad");
			}
		}
	}

	private void act(String what, Delivery delivery) throws Exception {
		switch (what) {
			case "throw" -> throw new IllegalStateException("it failed");
			case "throw checked" -> throw new IOException("it failed, too");
			case "throw error" -> throw new NoClassDefFoundError("Missing");
			case "throw what is not retried" -> throw new IllegalArgumentException("never");
			case "throw what is not retried as a cause" ->
				throw new IllegalStateException("outer", new IllegalArgumentException("never"));
			case "retry exception" -> throw new RetryException("busy");
			case "retry exception with delay" -> throw new RetryException("busy", Duration.ofSeconds(30));
			case "dead letter exception" -> throw new DeadLetterException("declined");
			case "ack" -> delivery.ack();
			case "ack and throw" -> {
				delivery.ack();
				throw new IllegalStateException("too late");
			}
			case "retry" -> delivery.retry();
			case "retry later" -> delivery.retry(Duration.ofSeconds(17));
			case "retry at once" -> delivery.retry(Duration.ZERO);
			case "dead letter" -> delivery.deadLetter("nobody wants it");
			case "discard" -> delivery.discard("out of date");
			case "extend" -> delivery.extendLease();
			case "settle twice" -> {
				delivery.ack();
				delivery.retry();
			}
			case "publish" -> this.template.message(new Job("butter", 2))
				.to("out.published")
				.header("tenant", "acmé")
				.id("fixed")
				.publish();
			case "publish the same twice" -> {
				this.template.message("x").to("out.twice").id("same").publish();
				this.template.message("x").to("out.twice").id("same").publish();
			}
			case "publish several" -> this.template.publishAll(List.of(this.template.message("1").to("out.several"),
					this.template.message("2").to("out.several")));
			case "publish with a bad header" ->
				this.template.message("x").to("out.x").header("Nats-Msg-Id", "y").publish();
			default -> {
			}
		}
	}

	/**
	 * A payload of several types.
	 */
	sealed interface Payment permits Card, Cash {

	}

	/**
	 * One of them.
	 */
	record Card(String number) implements Payment {
	}

	/**
	 * The other one.
	 */
	record Cash(int amount) implements Payment {
	}

	/**
	 * The payload.
	 */
	record Job(String name, @Positive int count) {
	}

}
