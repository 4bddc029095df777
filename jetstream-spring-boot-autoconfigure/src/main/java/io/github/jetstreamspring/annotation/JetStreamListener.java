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

package io.github.jetstreamspring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Marks a method that handles the messages of a durable consumer, or a class whose
 * methods with {@link JetStreamHandler @JetStreamHandler} handle them, each its own kind.
 * <p>
 * The method takes the payload, converted to the parameter's type, and any of:
 * {@link org.springframework.messaging.handler.annotation.Payload @Payload},
 * {@link org.springframework.messaging.handler.annotation.Header @Header},
 * {@link org.springframework.messaging.handler.annotation.Headers @Headers},
 * {@link org.springframework.messaging.Message}, {@link io.nats.client.Message} and
 * {@link io.github.jetstreamspring.listener.Delivery}; or, if {@link #batch()} is set,
 * lists of these. When it returns, the message is acked; when it throws, the message is
 * retried or becomes a dead letter.
 * <p>
 * It returns nothing, or it returns a {@link java.util.concurrent.CompletionStage}, a
 * {@code Mono} or another reactive type of at most one value, or it is a suspending
 * function of Kotlin: then its end is what counts. With
 * {@link org.springframework.messaging.handler.annotation.SendTo @SendTo} its result is
 * published before the message is acked.
 * <p>
 * All texts take placeholders ({@code ${…}}) and SpEL ({@code #{…}}), which knows the
 * bean as {@code __listener}. With Spring Boot, {@code jetstream.listeners.<id>} comes
 * before the annotation, and {@code jetstream.listener} after it.
 *
 * @since 0.1.0
 */
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@MessageMapping
@Repeatable(JetStreamListener.Container.class)
public @interface JetStreamListener {

	/**
	 * Name of the durable consumer, as {@link #consumer()}.
	 * @return the consumer's name
	 */
	@AliasFor("consumer")
	String value() default "";

	/**
	 * Name of the durable consumer.
	 * @return the consumer's name
	 */
	@AliasFor("value")
	String consumer() default "";

	/**
	 * Name of the stream. Without it, the stream is the one in the configuration that has
	 * the consumer.
	 * @return the stream's name
	 */
	String stream() default "";

	/**
	 * Name of the connection, as in {@code jetstream.connections.<name>}: the listener
	 * works on that connection's streams, its dead letters go there, and so does what it
	 * sends. Without it, the connection is the default one.
	 * @return the connection's name
	 */
	String connection() default "";

	/**
	 * Subjects that the consumer is for. With subjects the consumer is declared by this
	 * annotation and needs no configuration; {@link #stream()} must be set then.
	 * @return the subjects, which may have wildcards
	 */
	String[] subjects() default {};

	/**
	 * Id of the listener, unique in the application. The default is the consumer's name.
	 * @return the id
	 */
	String id() default "";

	/**
	 * How many handlers run at once.
	 * @return a number, at least 1
	 */
	String concurrency() default "";

	/**
	 * Whether the method takes several messages at once. Its parameters are lists then,
	 * with one element for each message. How many messages there are in a batch, and how
	 * long the first one waits for the others, is set by
	 * {@code jetstream.listener.batch}.
	 * @return whether the method takes batches
	 */
	boolean batch() default false;

	/**
	 * Which messages are handled one after the other, in the order of their stream: those
	 * for which this SpEL expression has equal values. All others go on in parallel; a
	 * message without a value, {@code null}, is bound to no order. The order holds within
	 * one instance of the application; to have it in all instances together, make the
	 * listener {@link #exclusive()}.
	 * <p>
	 * The expression knows {@code headers}, a map; {@code subject}, {@code stream} and
	 * {@code token(n)}, the n-th token of the subject from 1; and {@code payload}, which
	 * is of the type that the method takes and is converted just for this. Examples:
	 * {@code headers['customer']}, {@code token(2)}, {@code payload.customer}.
	 * @return the expression
	 */
	String orderedBy() default "";

	/**
	 * Whether only one instance of the application at a time gets messages. Another one
	 * takes over when it stops or dies. The consumer needs a pinned-client priority
	 * group, which takes nats-server 2.11.
	 * @return {@code true} or {@code false}
	 */
	String exclusive() default "";

	/**
	 * Whether effects in the database happen once for each message: the handler runs in a
	 * transaction in which the message is recorded as handled, and doesn't run for a
	 * message that is already. With {@code message-id}, messages with the same id count
	 * as one: the second is never handled, whatever it says.
	 * @return {@code true}, {@code message-id} or {@code false}
	 */
	String once() default "";

	/**
	 * How messages are acked: {@code plain}, or {@code confirmed} by the server.
	 * @return the name of an {@link io.github.jetstreamspring.listener.AckMode}
	 */
	String ack() default "";

	/**
	 * How long a handler may run. Until then the message's lease is extended; then the
	 * handler is interrupted and the message is retried.
	 * @return a duration such as {@code 10m} or {@code PT10M}
	 */
	String maxRunTime() default "";

	/**
	 * Exceptions that are worth another attempt, their subclasses and exceptions caused
	 * by them included. The default is all.
	 * @return the exception types
	 */
	Class<? extends Throwable>[] retryFor() default {};

	/**
	 * Exceptions that are not worth another attempt, their subclasses and exceptions
	 * caused by them included: the message becomes a dead letter at once.
	 * @return the exception types
	 */
	Class<? extends Throwable>[] noRetryFor() default {};

	/**
	 * Name of the bean that reads the payloads, a
	 * {@link org.springframework.messaging.converter.MessageConverter}. Without it, it is
	 * the application's.
	 * @return the name of a bean
	 */
	String converter() default "";

	/**
	 * Names of the beans that take part in the handling, of type
	 * {@link io.github.jetstreamspring.listener.DeliveryInterceptor}, the outermost
	 * first. They are called inside of those that are there for all listeners. A bean
	 * that isn't to be for all has {@code defaultCandidate = false}.
	 * @return the names of beans
	 */
	String[] interceptors() default {};

	/**
	 * Name of the bean that says how often and after what delay a failed message is tried
	 * again, a {@link io.github.jetstreamspring.listener.RetryPolicy}.
	 * @return the name of a bean
	 */
	String retryPolicy() default "";

	/**
	 * Name of the bean that is asked about failures, a
	 * {@link io.github.jetstreamspring.listener.ListenerErrorHandler}.
	 * @return the name of a bean
	 */
	String errorHandler() default "";

	/**
	 * Whether the listener starts with the application.
	 * @return {@code true} or {@code false}
	 */
	String autoStartup() default "";

	/**
	 * Which group the listener belongs to. Listeners of a group can be started and
	 * stopped together.
	 * @return the group's name
	 */
	String group() default "";

	/**
	 * Holds several {@link JetStreamListener} annotations of one method or class.
	 *
	 * @since 0.1.0
	 */
	@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@MessageMapping
	@interface Container {

		/**
		 * Returns the annotations.
		 * @return the annotations
		 */
		JetStreamListener[] value();

	}

}
