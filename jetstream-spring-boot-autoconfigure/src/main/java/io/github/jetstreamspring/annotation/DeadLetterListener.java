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
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Marks a method that is called for each dead letter that is stored from now on: for
 * those of one consumer, or for all. One instance of the application gets each. The
 * letter stays where it is, whatever the method does.
 * <p>
 * The method takes a {@link io.github.jetstreamspring.deadletter.StoredDeadLetter}, or
 * what a {@link JetStreamListener @JetStreamListener} takes: payload and headers are
 * those of the original, with {@code Dead-Letter-*} headers that say what happened to it.
 * <p>
 * All texts take placeholders ({@code ${…}}). With Spring Boot, the other settings of the
 * listener are below {@code jetstream.listeners.<id>}.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@MessageMapping
public @interface DeadLetterListener {

	/**
	 * Returns the consumer whose dead letters are wanted.
	 * @return the name of the consumer, empty for all
	 */
	@AliasFor("consumer")
	String value() default "";

	/**
	 * Returns the consumer whose dead letters are wanted.
	 * @return the name of the consumer, empty for all
	 */
	@AliasFor("value")
	String consumer() default "";

	/**
	 * Returns the stream of that consumer, where consumers of several streams have the
	 * same name.
	 * @return the name of the stream, empty for all
	 */
	String stream() default "";

	/**
	 * Returns the connection.
	 * @return the name of the connection, empty for the default one
	 */
	String connection() default "";

	/**
	 * Returns the id of the listener, and the name of its durable consumer on the
	 * dead-letter stream. Two applications with the same share the letters.
	 * @return the id, empty for {@code letters-of-<consumer>}, or {@code letters}
	 */
	String id() default "";

}
